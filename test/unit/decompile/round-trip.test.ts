import type { JsonObject } from "../../../lib";
import type { SourceKind } from "../../../mesh/decompile";
import { contentKey } from "../../../mesh/decompile/content";
import { parseIntent } from "../../../mesh/intent";
import type { NormalizedIntent, Service, ServiceTraffic } from "../../../mesh/intent/types";
import type { CapabilityId } from "../../../mesh/capability/ids";
import { outcome, type Outcome, type Request } from "../../../mesh/semantics";
import { ableTarget } from "../../../mesh/who-can";
import { Dice, requestFor, samples } from "../../support/intents";
import { meshFor, trip } from "./round-trip";

interface Case {
  readonly mesh: string;
  readonly options?: JsonObject;
  readonly source: SourceKind;
  /** What the mesh's manifests do not tell: it stands in options, or is done by something else. */
  readonly unsaid?: RegExp;
  /** Parts of how endpoints are treated that come back as they were. */
  readonly traffic: readonly (keyof ServiceTraffic)[];
  /** What the mesh cannot tell from each other. */
  readonly same?: (outcome: string, request: Request) => string;
}

const EVERY = ["outlierDetection", "connectionLimits", "loadBalancing", "rateLimits"] as const;

/** The Gateway API names statuses one by one, and leaves failures on the way to whoever implements it. */
const STATUSES: Readonly<Record<string, readonly number[]>> = {
  "gateway-error": [502, 503, 504],
  "retriable-4xx": [409],
  "5xx": [500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
};

function asStatuses(
  words: Readonly<Record<string, readonly (number | string)[]>>,
): NonNullable<Case["same"]> {
  return (text) =>
    text.replace(/"on":(\[[^\]]*\])/g, (_, list: string) => {
      const on = (JSON.parse(list) as (string | number)[]).flatMap((o) => words[String(o)] ?? [o]);
      const told = on.filter((o) => !["connect-failure", "reset", "refused-stream"].includes(String(o)));
      return `"on":${JSON.stringify([...new Set(told)].map(String).sort())}`;
    });
}

/** Whether no identity or no permission keeps a caller without an identity out is one to Linkerd. */
const keptOut: NonNullable<Case["same"]> = (text, { from }) =>
  from.kind === "unmeshed" && /"kind":"denied"|"reason":"mtls"/.test(text) ? "kept out" : text;

const cases: readonly (readonly [string, Case])[] = [
  ["Istio with sidecars", { mesh: "istio", source: "istio", traffic: EVERY }],
  [
    "Istio with sidecars and the Gateway API",
    {
      mesh: "istio",
      options: { routes: "gatewayApi" },
      source: "istio",
      traffic: EVERY,
      same: asStatuses(STATUSES),
    },
  ],
  [
    "Istio's ambient mode with waypoints",
    {
      mesh: "istio",
      options: { mode: "ambient", waypoints: "namespace" },
      source: "istio",
      traffic: EVERY,
      same: asStatuses(STATUSES),
    },
  ],
  ["Istio as AKS runs it", { mesh: "aks-istio", source: "istio", traffic: EVERY }],
  [
    "Linkerd",
    {
      mesh: "linkerd",
      options: { webhooks: { certManager: { issuer: "ca" } }, gateways: { className: "example" } },
      source: "linkerd",
      traffic: ["rateLimits"],
      same: (text, request) =>
        asStatuses({ "retriable-4xx": [409] })(
          keptOut(text, request).replace(/,"external":"\w+"/, ""),
          request,
        ),
    },
  ],
  [
    "Consul",
    {
      mesh: "consul",
      source: "consul",
      // Machines have agents of their own, which no manifest tells of.
      unsaid: /^workloads/,
      traffic: ["loadBalancing"],
      // Without Enterprise a namespace is the services in it; a share is told in hundredths of a percent.
      same: (text, { from }) =>
        from.kind === "principal"
          ? ""
          : text
              .replace(/"kind":"denied","status":40[13],/g, '"kind":"denied",')
              .replace(/,"status":40[13]/g, "")
              .replace(/,?"reason":"(deny|default|not-allowed|token)"/g, "")
              .replace(/0\.\d{5,}/g, (share) => String(Math.round(Number(share) * 1e4) / 1e4)),
    },
  ],
  [
    "App Mesh",
    {
      mesh: "app-mesh",
      options: { acknowledgeDiscontinued: true, tls: { kind: "file", secret: "mesh-certificate" } },
      source: "appmesh",
      // Where workloads run is the form's business, and X-Ray the chart's.
      unsaid: /^(workloads|telemetry\.tracing)/,
      traffic: ["outlierDetection", "connectionLimits", "healthCheck"],
      // Listeners know no hosts: what no route is for is not found.
      same: (text) => (text.includes('"reason":"no-listener"') ? '{"kind":"notFound"}' : text),
    },
  ],
  [
    "Gateway API",
    {
      mesh: "gateway-api",
      options: { security: "elsewhere", channel: "experimental", gateways: { className: "example" } },
      source: "gateway-api",
      unsaid: /^(mtls\.(?!permissive$)|access|jwt|externalAuth|authorization\.defaultDeny|egress)/,
      traffic: [],
      same: asStatuses(STATUSES),
    },
  ],
];

const SAMPLES = 150;
const REQUESTS = 30;

/** What happens, without where it is written, and without saying that nothing is done. */
function told(result: Outcome): string {
  const text = JSON.stringify(result, (key, value: unknown) =>
    ["because", "at", "audited"].includes(key) ? undefined : value,
  );
  return text.replace(/,"treatment":\{"faults":\{\},"mirrors":\[\]\}/g, "");
}

function endpoints(service: Service | undefined, parts: Case["traffic"]): string {
  if (service === undefined) return "gone";
  const { selector, serviceAccount, sharesServiceAccount, ports, workloads, traffic } = service;
  const treated = Object.fromEntries(parts.map((part) => [part, traffic[part]]));
  return contentKey({ selector, serviceAccount, sharesServiceAccount, ports, workloads, ...treated });
}

function differences(there: NormalizedIntent, back: NormalizedIntent, { traffic, same }: Case): string[] {
  const services = there.services.flatMap((service) => {
    const other = back.services.find((s) => s.key === service.key);
    const [a, b] = [endpoints(service, traffic), endpoints(other, traffic)];
    return a === b ? [] : [`${service.key}:\n  ${a}\n  ${b}`];
  });
  const dice = new Dice(there.services.length);
  const requests = Array.from({ length: REQUESTS }, () => requestFor(there, dice));
  const different = requests.flatMap((request) => {
    const [a, b] = [there, back].map((intent) => {
      const text = told(outcome(intent, request));
      return same === undefined ? text : same(text, request);
    });
    return a === b ? [] : [`${JSON.stringify(request)}:\n  ${a}\n  ${b}`];
  });
  return [...services, ...different];
}

describe("what is compiled for a mesh comes back as it was", () => {
  test.each(cases)("%s", (_, it) => {
    const mesh = meshFor(it.mesh, it.options);
    const table = mesh.capabilities(ableTarget);
    const allowed = (Object.keys(table) as CapabilityId[]).filter(
      (id) => table[id].kind !== "none" && it.unsaid?.test(id) !== true,
    );
    let compiled = 0;
    const found = samples(SAMPLES, 11, { allowed }).flatMap((sample, seed) => {
      const there = parseIntent(sample.intent);
      if (!there.ok) return [];
      const { back } = trip(there.value, { mesh, source: it.source, seed });
      if (back === undefined) return [];
      compiled += 1;
      return differences(there.value, back, it).slice(0, 1);
    });
    expect(found.slice(0, 3)).toEqual([]);
    // Enough of them must be ones that the mesh takes.
    expect(compiled).toBeGreaterThan(SAMPLES / 10);
  });
});
