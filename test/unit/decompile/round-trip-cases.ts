import type { JsonObject } from "../../../lib";
import type { SourceKind } from "../../../mesh/decompile";
import type { ServiceTraffic } from "../../../mesh/intent/types";
import type { Request } from "../../../mesh/semantics";

/** What goes through which mesh and comes back. */

export interface Case {
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

export const cases: readonly (readonly [string, Case])[] = [
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
  [
    "Istio as Google runs it",
    {
      mesh: "cloud-service-mesh",
      options: { project: "example-project" },
      source: "istio",
      traffic: [],
      // Identities are of the project's trust domain, whatever the intent calls its own.
      same: (text, { from }) => (from.kind === "principal" ? "" : text),
    },
  ],
  [
    "Istio's ambient mode",
    {
      mesh: "istio",
      options: { mode: "ambient" },
      source: "istio",
      // Its proxies read no requests: routes are for gateways.
      unsaid:
        /^(route|match|backend|timeout|retry|mirror|headers|rewrite|redirect|gateway|access.from.gateway)/,
      traffic: [],
    },
  ],
  ["Istio as AKS runs it", { mesh: "aks-istio", source: "istio", traffic: EVERY }],
  [
    "Linkerd with gateways of somebody else",
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
    "Linkerd",
    {
      mesh: "linkerd",
      options: { webhooks: { certManager: { issuer: "ca" } } },
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
    "Gateway API, experimental channel",
    {
      mesh: "gateway-api",
      options: { security: "elsewhere", channel: "experimental", gateways: { className: "example" } },
      source: "gateway-api",
      unsaid: /^(mtls\.(?!permissive$)|access|jwt|externalAuth|authorization\.defaultDeny|egress)/,
      traffic: [],
      same: asStatuses(STATUSES),
    },
  ],
  [
    "Gateway API, standard channel",
    {
      mesh: "gateway-api",
      options: { security: "elsewhere", gateways: { className: "example" } },
      source: "gateway-api",
      unsaid: /^(mtls\.(?!permissive$)|access|jwt|externalAuth|authorization\.defaultDeny|egress)/,
      traffic: [],
      same: asStatuses(STATUSES),
    },
  ],
];
