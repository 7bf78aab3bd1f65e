import type { Backend, Mirror, NormalizedIntent, Retry } from "../intent/types";
import { lacking, requestsWith, rulesWith } from "./places";
import type { CapabilityUse, Definition, RequestRuleOf, RuleChange } from "./types";

const API = "https://gateway-api.sigs.k8s.io";
const ENVOY = "https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters";

/** The rule with another way to retry, or none. */
function retrying(change: (retry: Retry) => Retry | undefined): RuleChange {
  return <R extends RequestRuleOf>(rule: R): R => {
    const retry = rule.retry && change(rule.retry);
    return retry === undefined ? lacking(rule, "retry") : { ...rule, retry };
  };
}

/** The words alone; a retry on status codes only is none without them. */
function withoutCodes(retry: Retry): Retry | undefined {
  const on = retry.on.filter((condition) => typeof condition !== "number");
  return on.length === 0 ? undefined : { ...retry, on };
}

function withoutFault(part: "delay" | "abort"): RuleChange {
  return <R extends RequestRuleOf>(rule: R): R => {
    const fault = lacking(rule.fault ?? {}, part);
    return Object.keys(fault).length === 0 ? lacking(rule, "fault") : { ...rule, fault };
  };
}

/** Where requests go and how often they are tried. */
export const forwarding = {
  "backend.split": {
    title: "split by weight",
    definition: "Requests or connections are shared out among several backends by their weights.",
    level: "core",
    security: false,
    link: `${API}/guides/traffic-splitting/`,
    uses: rulesWith("backends", ({ backends }) => backends.length > 1),
  },
  "backend.version": {
    title: "versions of a service",
    definition: "Requests go to those endpoints of a service whose pods carry a version's labels.",
    level: "core",
    security: false,
    link: `${API}/mesh/service-facets/`,
    uses: versionUses,
  },
  "timeout.request": {
    title: "timeout of a request",
    definition: "A request that has no answer after a time, tries included, is answered with an error.",
    level: "core",
    security: false,
    link: `${API}/geps/gep-1742/`,
    uses: requestsWith({
      path: ["timeout"],
      asks: ({ timeoutMs }) => timeoutMs !== undefined,
      without: (rule) => lacking(rule, "timeoutMs"),
    }),
  },
  retry: {
    title: "retries",
    definition: "A request that fails in a named way is sent again, up to a number of times.",
    level: "core",
    security: false,
    link: `${API}/geps/gep-1731/`,
    uses: requestsWith({
      path: ["retry"],
      asks: ({ retry }) => retry !== undefined,
      without: retrying(() => undefined),
    }),
  },
  "retry.statusCodes": {
    title: "retries on chosen status codes",
    definition: "A request is sent again where its answer has one of the status codes named.",
    level: "extended",
    security: false,
    link: `${ENVOY}/router_filter#x-envoy-retry-on`,
    uses: requestsWith({
      path: ["retry", "on"],
      asks: ({ retry }) => retry?.on.some((condition) => typeof condition === "number") === true,
      without: retrying(withoutCodes),
    }),
  },
  "retry.perTryTimeout": {
    title: "timeout of a try",
    definition: "A single try that has no answer after a time counts as failed.",
    level: "extended",
    security: false,
    link: `${API}/geps/gep-1742/`,
    uses: requestsWith({
      path: ["retry", "perTryTimeout"],
      asks: ({ retry }) => retry?.perTryTimeoutMs !== undefined,
      without: retrying((retry) => lacking(retry, "perTryTimeoutMs")),
    }),
  },
  "retry.backoff": {
    title: "wait before a retry",
    definition: "At least a given time passes before a request is sent for the second time.",
    level: "extended",
    security: false,
    link: `${API}/geps/gep-1731/`,
    uses: requestsWith({
      path: ["retry", "backoff"],
      asks: ({ retry }) => retry?.backoffMs !== undefined,
      without: retrying((retry) => lacking(retry, "backoffMs")),
    }),
  },
  "retry.budget": {
    title: "budget of retries",
    definition: "Retries are at most a share of the requests that are under way.",
    level: "extended",
    security: false,
    link: `${API}/geps/gep-3388/`,
    uses: requestsWith({
      path: ["retry", "budget"],
      asks: ({ retry }) => retry?.budgetPercent !== undefined,
      without: retrying((retry) => lacking(retry, "budgetPercent")),
    }),
  },
  "fault.delay": {
    title: "injected delay",
    definition: "A share of requests is held up for a time.",
    level: "extended",
    security: false,
    link: `${ENVOY}/fault_filter`,
    uses: requestsWith({
      path: ["fault", "delay"],
      asks: ({ fault }) => fault?.delay !== undefined,
      without: withoutFault("delay"),
    }),
  },
  "fault.abort": {
    title: "injected failure",
    definition: "A share of requests is answered with a status instead of being sent on.",
    level: "extended",
    security: false,
    link: `${ENVOY}/fault_filter`,
    uses: requestsWith({
      path: ["fault", "abort"],
      asks: ({ fault }) => fault?.abort !== undefined,
      without: withoutFault("abort"),
    }),
  },
  mirror: {
    title: "mirror",
    definition: "A copy of requests goes to another backend, and nobody sees its answers.",
    level: "extended",
    security: false,
    link: `${API}/guides/http-request-mirroring/`,
    uses: requestsWith({
      path: ["mirror"],
      asks: ({ mirrors }) => mirrors.length > 0,
      without: (rule) => ({ ...rule, mirrors: [] }),
    }),
  },
  "mirror.percent": {
    title: "mirror of a share",
    definition: "A copy of a share of requests goes to another backend.",
    level: "extended",
    security: false,
    link: `${API}/geps/gep-3171/`,
    // Rather no copies than copies of everything.
    uses: requestsWith({
      path: ["mirror"],
      asks: ({ mirrors }) => mirrors.some(({ percent }) => percent < 100),
      without: (rule) => ({ ...rule, mirrors: rule.mirrors.filter(({ percent }) => percent === 100) }),
    }),
  },
  "mirror.several": {
    title: "several mirrors",
    definition: "Copies of one request go to several backends.",
    level: "extended",
    security: false,
    link: `${API}/guides/http-request-mirroring/`,
    uses: requestsWith({
      path: ["mirror"],
      asks: ({ mirrors }) => mirrors.length > 1,
      without: (rule) => ({ ...rule, mirrors: rule.mirrors.slice(0, 1) }),
    }),
  },
} as const satisfies { readonly [id: string]: Definition };

function versionUses({ routes }: NormalizedIntent): CapabilityUse[] {
  const rules = routes.flatMap<{
    readonly backends: readonly Backend[];
    readonly mirrors?: readonly Mirror[];
  }>((route) => route.rules);
  return rules
    .flatMap<Backend | Mirror>(({ backends, mirrors = [] }) => [...backends, ...mirrors])
    .flatMap(({ version, at }) => (version === undefined ? [] : [{ at: [...at, "version"] }]));
}
