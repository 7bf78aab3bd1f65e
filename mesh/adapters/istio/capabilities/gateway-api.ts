import { native, none, standard } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const RULE = "HTTPRoute.spec.rules[]";
const rule = (field: string, note?: string) => standard(`${RULE}.${field}`, docs.httpRoute, note);
const EXPERIMENTAL = "needs the experimental channel of the Gateway API's CRDs";
const ORDER = "refused where Istio would try it after a prefix that the intent means behind it";
const faultless = none(
  "the Gateway API has no word for faults, and Istio takes no VirtualService beside its routes",
  docs.httpRoute,
  "routes: istio",
);

/** What the Gateway API's routes say of requests and connections, as Istio reads them. */
export const gatewayApiRouting = {
  "route.http": standard(RULE, docs.httpRoute),
  "route.grpc": standard(
    "GRPCRoute.spec.rules[]",
    docs.httpRoute,
    "an HTTPRoute where it has timeouts or retries",
  ),
  "route.tcp": standard("TCPRoute.spec.rules[]", docs.httpRoute),
  "route.tls": standard("TLSRoute.spec.hostnames", docs.httpRoute),
  "match.path.exact": rule("matches[].path Exact"),
  "match.path.prefix": rule("matches[].path PathPrefix"),
  "match.path.regex": rule("matches[].path RegularExpression", ORDER),
  "match.method": rule("matches[].method"),
  "match.header.exact": rule("matches[].headers[] Exact"),
  "match.header.regex": rule("matches[].headers[] RegularExpression"),
  "match.query.exact": rule("matches[].queryParams[] Exact"),
  "match.query.regex": rule("matches[].queryParams[] RegularExpression"),
  "match.cookie": rule("matches[].headers[] cookie", "at most three cookies in one match"),
  "match.grpc": standard("GRPCRoute.spec.rules[].matches[].method", docs.httpRoute),
  "backend.split": rule("backendRefs[].weight"),
  "backend.version": rule("backendRefs[]", "each version is a Service of its own, which the plan makes"),
  "timeout.request": rule("timeouts.request"),
  retry: rule("retry", EXPERIMENTAL),
  "retry.statusCodes": rule("retry.codes", EXPERIMENTAL),
  "retry.perTryTimeout": rule(
    "timeouts.backendRequest",
    "a try that took too long is not tried again: refused with gateway-error, which asks for that",
  ),
  "retry.backoff": rule("retry.backoff", EXPERIMENTAL),
  "retry.budget": native("DestinationRule.spec.trafficPolicy.retryBudget", docs.destinationRule),
  "fault.delay": faultless,
  "fault.abort": faultless,
  mirror: rule("filters[] RequestMirror"),
  "mirror.percent": rule("filters[] RequestMirror.percent"),
  "mirror.several": rule("filters[] RequestMirror"),
  "headers.request": rule("filters[] RequestHeaderModifier"),
  "headers.response": rule("filters[] ResponseHeaderModifier"),
  "rewrite.host": rule("filters[] URLRewrite.hostname"),
  "rewrite.path.prefix": rule("filters[] URLRewrite.path ReplacePrefixMatch"),
  "rewrite.path.full": rule("filters[] URLRewrite.path ReplaceFullPath"),
  redirect: rule("filters[] RequestRedirect"),
  "redirect.path.prefix": rule("filters[] RequestRedirect.path ReplacePrefixMatch"),
} as const satisfies Partial<CapabilityTable>;

const listener = (protocol: string) =>
  standard(`Gateway.spec.listeners[].protocol ${protocol}`, docs.gatewayApi);

export const gatewayApiGateways = {
  "gateway.http": listener("HTTP"),
  "gateway.https": listener("HTTPS"),
  "gateway.grpc": listener("HTTP"),
  "gateway.tls": listener("TLS"),
  "gateway.tcp": listener("TCP"),
} as const satisfies Partial<CapabilityTable>;

/** Rollouts are run on the objects of the Gateway API just as well. */
export const gatewayApiRollouts = {
  "rollout.canary": standard("Canary.spec.analysis.stepWeights, by Flagger", docs.flagger),
  "rollout.blueGreen": standard("Canary.spec.analysis.iterations, by Flagger", docs.flagger),
} as const satisfies Partial<CapabilityTable>;
