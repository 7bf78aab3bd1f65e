import { none, standard } from "../../capability/support";
import type { CapabilityId } from "../../capability/ids";
import type { CapabilityTable, Support } from "../../capability/types";
import type { ClusterFeatures } from "../../types";
import type { GatewayApiOptions } from "./options";
import { connectionVersions } from "./site";

const SITE = "https://gateway-api.sigs.k8s.io";
const docs = {
  gamma: `${SITE}/mesh/`,
  httpRoute: `${SITE}/reference/spec/#httproute`,
  grpcRoute: `${SITE}/reference/spec/#grpcroute`,
  gateway: `${SITE}/reference/spec/#gateway`,
  retry: `${SITE}/geps/gep-1731/`,
  versioning: `${SITE}/concepts/versioning/`,
};

const rule = (field: string, note?: string) =>
  standard(`HTTPRoute.spec.rules[].${field}`, docs.httpRoute, note);
const match = (field: string, note?: string) => rule(`matches[].${field}`, note);
const filter = (kind: string, note?: string) => rule(`filters[] ${kind}`, note);
const unsaid = (what: string, nearest?: string) =>
  none(`the Gateway API has no word for ${what}`, docs.gamma, nearest);

/** What an implementation of the API may do, as far as the routes themselves can say it. */
const routing = {
  "route.http": standard("HTTPRoute, parentRef Service", docs.gamma),
  "route.grpc": standard("GRPCRoute, parentRef Service", docs.grpcRoute),
  "match.path.exact": match("path Exact"),
  "match.path.prefix": match("path PathPrefix"),
  "match.path.regex": match("path RegularExpression", "up to the implementation"),
  "match.method": match("method"),
  "match.header.exact": match("headers[] Exact"),
  "match.header.regex": match("headers[] RegularExpression", "up to the implementation"),
  "match.query.exact": match("queryParams[] Exact"),
  "match.query.regex": match("queryParams[] RegularExpression", "up to the implementation"),
  "match.cookie": match("headers[] cookie", "at most three cookies in one match"),
  "match.grpc": standard("GRPCRoute.spec.rules[].matches[].method", docs.grpcRoute),
  "backend.split": rule("backendRefs[].weight"),
  "backend.version": rule("backendRefs[]", "a Service for each version"),
  "timeout.request": rule("timeouts.request"),
  "fault.delay": unsaid("faults"),
  "fault.abort": unsaid("faults", "backend.split with a share for a service that answers so"),
  mirror: filter("RequestMirror"),
  "mirror.percent": filter("RequestMirror"),
  "mirror.several": filter("RequestMirror"),
  "headers.request": filter("RequestHeaderModifier"),
  "headers.response": filter("ResponseHeaderModifier"),
  "rewrite.host": filter("URLRewrite"),
  "rewrite.path.prefix": filter("URLRewrite"),
  "rewrite.path.full": filter("URLRewrite"),
  redirect: filter("RequestRedirect"),
  "redirect.path.prefix": filter("RequestRedirect"),
} as const satisfies Partial<CapabilityTable>;

const limits = unsaid("limits of requests or connections");
const balancing = unsaid("how endpoints are chosen");
const tracing = unsaid("telemetry", "the mesh's own means");
const elsewhere = unsaid("it", "the mesh's own means");
const rollouts = none(
  "rollouts of plain routes are not carried",
  docs.gamma,
  "backend.split, changed step by step",
);
const certificates = unsaid("certificates of workloads");

const beyondRoutes = {
  "traffic.healthCheck": unsaid("health checks", "a readiness probe of the workload"),
  "traffic.outlierDetection": unsaid("endpoints that keep failing"),
  "traffic.connectionLimits": limits,
  "traffic.loadBalancing.roundRobin": balancing,
  "traffic.loadBalancing.random": balancing,
  "traffic.loadBalancing.leastRequest": balancing,
  "traffic.loadBalancing.hash.header": balancing,
  "traffic.loadBalancing.hash.cookie": balancing,
  "traffic.loadBalancing.hash.sourceIp": balancing,
  "traffic.locality.prefer": unsaid("zones", "trafficDistribution of the Service"),
  "traffic.locality.failover": unsaid("zones"),
  "traffic.rateLimit.proxy": limits,
  "traffic.rateLimit.global": limits,
  "traffic.rateLimit.bySource": limits,
  "egress.allow": elsewhere,
  "egress.external": elsewhere,
  "egress.external.wildcard": elsewhere,
  "telemetry.tracing": tracing,
  "telemetry.accessLogs": tracing,
  "telemetry.accessLogs.errors": tracing,
  "telemetry.metrics": tracing,
  "rollout.canary": rollouts,
  "rollout.blueGreen": rollouts,
  federation: unsaid("other clusters"),
  "workloads.vm": unsaid("machines"),
  "workloads.ecs": unsaid("ECS tasks"),
  "service.clusters": unsaid("other clusters"),
} as const satisfies Partial<CapabilityTable>;

const SECURITY = [
  "mtls.strict",
  "mtls.permissive",
  "mtls.override.namespace",
  "mtls.override.service",
  "mtls.override.port",
  "mtls.trustDomain",
  "authorization.defaultDeny",
  "authorization.defaultAllow",
  "access.allow",
  "access.deny",
  "access.audit",
  "access.ports",
  "access.methods",
  "access.paths",
  "access.from.service",
  "access.from.gateway",
  "access.from.namespace",
  "access.from.principal",
  "access.from.ipBlocks",
  "access.jwt",
  "access.jwt.claims",
  "jwt.remoteKeys",
  "jwt.inlineKeys",
  "externalAuthorization",
  "egress.deny",
] as const satisfies readonly CapabilityId[];

type SecurityId = (typeof SECURITY)[number];

/** Nobody's promise unless the user says that something else keeps it. */
function security({ securityElsewhere }: GatewayApiOptions): { readonly [id in SecurityId]: Support } {
  const answer = securityElsewhere
    ? standard("nothing here", docs.gamma, "the options say that something else keeps it")
    : none(
        "the Gateway API has no word for who may call whom, and how",
        docs.gamma,
        "security: elsewhere in the mesh's options, if something else keeps it",
      );
  return Object.fromEntries(SECURITY.map((id) => [id, answer])) as { [id in SecurityId]: Support };
}

const authorities = {
  "mtls.ca.shared-root": certificates,
  "mtls.ca.cert-manager": certificates,
  "mtls.ca.vault": certificates,
  "mtls.ca.aws-pca": certificates,
  "mtls.ca.key-vault": certificates,
  "mtls.ca.gcp-cas": certificates,
  "federation.sharedRoot": certificates,
} as const satisfies Partial<CapabilityTable>;

function retries({ channel }: GatewayApiOptions) {
  const given = (field: string, note?: string): Support =>
    channel === "experimental"
      ? standard(`HTTPRoute.spec.rules[].${field}`, docs.retry, note)
      : none(
          "retries are in the experimental channel only",
          docs.retry,
          "channel: experimental in the mesh's options",
        );
  return {
    retry: given("retry.attempts", "what fails on the way is tried again whatever the statuses"),
    "retry.statusCodes": given("retry.codes"),
    "retry.perTryTimeout": given("timeouts.backendRequest"),
    "retry.backoff": given("retry.backoff"),
    "retry.budget": unsaid("budgets of retries in routes"),
  } as const satisfies Partial<CapabilityTable>;
}

function connections(options: GatewayApiOptions, cluster: ClusterFeatures) {
  const versions = connectionVersions(options, cluster);
  const served = (kind: "TLSRoute" | "TCPRoute", since: string): Support =>
    versions[kind] === undefined
      ? none(
          `the standard channel has ${kind} from ${since} on`,
          docs.versioning,
          "a newer bundle, or channel: experimental in the mesh's options",
        )
      : standard(`${kind} ${versions[kind]}`, docs.gamma, "up to the implementation");
  return {
    "route.tls": served("TLSRoute", "1.5"),
    "route.tcp": served("TCPRoute", "1.6"),
  } as const satisfies Partial<CapabilityTable>;
}

function gateways(options: GatewayApiOptions, cluster: ClusterFeatures) {
  const brought = (by: string, note?: string): Support =>
    options.gateways === undefined
      ? none(
          "no class of gateways is named",
          docs.gateway,
          "gateways: { className: … } in the mesh's options",
        )
      : standard(by, docs.gateway, note);
  const listener = (protocol: string) => brought(`Gateway.spec.listeners[].protocol ${protocol}`);
  return {
    "gateway.http": listener("HTTP"),
    "gateway.https": listener("HTTPS"),
    "gateway.grpc": listener("HTTP"),
    "gateway.tls": listener("TLS"),
    "gateway.tcp": listener("TCP"),
    "gateway.exposure.public": brought("Gateway", "as its implementation exposes gateways by itself"),
    "gateway.exposure.internal":
      cluster.internalLoadBalancer === undefined
        ? none("this cluster does not say how to have an internal load balancer", docs.gateway)
        : brought("Gateway.spec.infrastructure.annotations"),
    "gateway.exposure.cluster": unsaid("gateways within the cluster alone", "gateway.exposure.internal"),
  } as const satisfies Partial<CapabilityTable>;
}

/** What the Gateway API alone can say, as configured. */
export function gatewayApiTable(options: GatewayApiOptions, cluster: ClusterFeatures): CapabilityTable {
  return {
    ...routing,
    ...retries(options),
    ...connections(options, cluster),
    ...beyondRoutes,
    ...security(options),
    ...authorities,
    ...gateways(options, cluster),
  };
}
