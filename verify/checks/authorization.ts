import { chainsOf, decidingFilters, inboundListeners, isBlackHole, portOf } from "../envoy/chains";
import type { Request, Verdict } from "../envoy/match";
import { enforcedRules, matchingPolicies, permits } from "../envoy/rbac";
import { isAllowed } from "../expect/access";
import { accessProbes, nobody } from "../expect/access-probes";
import { servicesOf } from "../expect/workloads";
import { group } from "../group";
import type { Expected, Finding, Observed, Outcome } from "../types";
import type { FilterChain, ProxyConfig, Rbac } from "../xds/types";

/**
 * Who may call what, in each workload's own rules, is what the intent says: asked for every caller that the intent
 * knows and some that it does not, each with allowed and other methods and paths. And every policy that allows
 * something is one of the plan's.
 */
export function authorization(observed: Observed, expected: Expected): Outcome {
  const strange: Finding[] = [];
  const judged: Judged[] = [];
  for (const proxy of observed.proxies) {
    for (const { chain, port } of inbound(proxy)) {
      const rules = enforcedRules(decidingFilters(chain));
      strange.push(...strangers(rules, expected).map((name) => stranger(name, proxy)));
      judged.push(...questions(proxy, port, expected).map((question) => judge(question, rules)));
    }
  }
  const wrong = judged.filter((one) => one.does !== one.should);
  const groups = group(wrong, (one) => `${one.where} ${one.what} ${one.should} ${one.does}`);
  const findings = [...strange, ...[...groups.values()].map(describe)];
  const unique = group(findings, (finding) => `${finding.where} ${finding.message}`);
  return {
    figures: { "decisions judged": judged.length, "wrong decisions": wrong.length },
    findings: [...unique.values()].map(([first]) => first),
  };
}

/** Ways in, with the pod's port that each is for; 0 where it is for any. */
function inbound(proxy: ProxyConfig): { readonly chain: FilterChain; readonly port: number }[] {
  const gateway = proxy.role === "router";
  const listeners = gateway ? proxy.listeners : inboundListeners(proxy);
  return listeners.flatMap((listener) => {
    const own = gateway ? listener.address?.socketAddress?.portValue : undefined;
    const ways = chainsOf(listener).filter((chain) => !isBlackHole(chain));
    return ways.map((chain) => ({ chain, port: own ?? portOf(chain) ?? 0 }));
  });
}

interface Question {
  /** What is called, for messages. */
  readonly what: string;
  readonly request: Request;
  readonly should: boolean;
}

const PLAIN = { method: "GET", path: "/meshwright-probe", headers: {}, query: {}, host: "meshwright-probe" };

function questions(proxy: ProxyConfig, port: number, expected: Expected): Question[] {
  if (proxy.role === "router") return gatewayQuestions(proxy, port, expected);
  const called = servicesOf(expected.intent, proxy).flatMap((service) =>
    service.ports.filter((p) => p.targetPort === port).map((p) => ({ service, port: p })),
  );
  if (called.length > 0) {
    return called.flatMap(({ service, port: at }) =>
      accessProbes(expected, service, at).map((request) => ({
        ...{ what: service.key, request },
        should: isAllowed(expected, service, request),
      })),
    );
  }
  // Ports that no service of the intent names: the default is all that can be held against them.
  if (expected.intent.authorization.default === "allow") return [];
  const what = `${proxy.namespace}/${proxy.labels["app"] ?? proxy.pod} on ports without a service`;
  return [{ what, request: { ...PLAIN, port, principal: nobody(expected) }, should: false }];
}

/** A gateway admits everyone on its listeners. */
function gatewayQuestions(proxy: ProxyConfig, port: number, expected: Expected): Question[] {
  const place = expected.gateways.find(
    (g) => g.namespace === proxy.namespace && g.serviceAccount === proxy.serviceAccount,
  );
  const gateway = expected.intent.gateways.find((g) => g.name === place?.name);
  if (gateway?.listeners.some((listener) => listener.port === port) !== true) return [];
  return [{ what: `gateway ${gateway.name}`, request: { ...PLAIN, port }, should: true }];
}

interface Judged extends Question {
  readonly does: Verdict;
  readonly ruled: boolean;
  readonly where: string;
}

function judge(question: Question, rules: readonly Rbac[]): Judged {
  const by = [...new Set(matchingPolicies(rules, question.request).map(policyName))];
  const where = by.length > 0 ? by.map((name) => `AuthorizationPolicy ${name}`).join(", ") : question.what;
  return { ...question, does: permits(rules, question.request), ruled: rules.length > 0, where };
}

function describe(cases: readonly [Judged, ...Judged[]]): Finding {
  const [{ where, what, request, should, does, ruled }] = cases;
  const example = `${request.method} ${request.path} by ${request.principal ?? "a caller without a certificate"}`;
  const many = cases.length > 1 ? ` (and ${cases.length - 1} more)` : "";
  if (does === undefined)
    return { where, message: `${example} to ${what}${many} cannot be judged: a condition is unknown here` };
  const how = should
    ? "is refused, though the intent allows it"
    : `gets through, though the intent does not allow it${ruled ? "" : ": no rule is in force"}`;
  return { where, message: `${example} to ${what}${many} ${how}` };
}

/** `ns[shop]-policy[cart]-rule[0]` → `shop/cart`. */
function policyName(rule: string): string {
  const [, namespace, name] = /^ns\[(.*?)\]-policy\[(.*?)\]/.exec(rule) ?? [];
  return namespace === undefined ? rule : `${namespace}/${name}`;
}

function strangers(rules: readonly Rbac[], expected: Expected): string[] {
  const allowing = rules.filter((rbac) => (rbac.action ?? "ALLOW") === "ALLOW");
  const names = allowing.flatMap((rbac) => Object.keys(rbac.policies ?? {})).map(policyName);
  return [...new Set(names)].filter((name) => !expected.authorizationPolicies.has(name));
}

function stranger(name: string, proxy: ProxyConfig): Finding {
  return {
    where: `AuthorizationPolicy ${name}`,
    message: `it is in force in ${proxy.namespace}, allows something, and is not of the plan`,
    hint: "delete it, or make it an entry of access in the intent",
  };
}
