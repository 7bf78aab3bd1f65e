import type { CapabilityId } from "../../mesh/capability/ids";

/**
 * What the meshes' own documentation and sources promise, looked up apart from the adapters: the least that these have
 * to support. Each mesh is one letter of the cells: `y` it has it, `-` it has not, `?` nobody says.
 */
export const columns = [
  ["Istio (sidecar)"],
  ["Istio (ambient with waypoints)"],
  ["Linkerd (sidecar)", "Linkerd (sidecar, with a Gateway API implementation)"],
  ["Consul (Kubernetes)", "Consul (agents)"],
  ["AWS App Mesh (EKS)", "AWS App Mesh (ECS)"],
  ["Istio add-on of AKS"],
  ["Cloud Service Mesh"],
  ["Gateway API (standard channel)"],
] as const;

export interface Known {
  readonly what: string;
  /** A cell for each of the columns. */
  readonly cells: string;
  readonly ids: readonly CapabilityId[];
}

const row = (what: string, cells: string, ...ids: CapabilityId[]): Known => ({ what, cells, ids });

export const knownSupport: readonly Known[] = [
  row(
    "HTTP routes by path, header, method",
    "yyyyyyyy",
    "route.http",
    "match.path.exact",
    "match.path.prefix",
  ),
  row("patterns, methods, headers", "yyyyyyyy", "match.path.regex", "match.method", "match.header.exact"),
  row("patterns of headers, cookies", "yyyyyyyy", "match.header.regex", "match.cookie"),
  row("query, exact", "yyyyyyyy", "match.query.exact"),
  row("query, by pattern", "yyyy-yyy", "match.query.regex"),
  row("split, canary", "yyyyyyyy", "backend.split", "backend.version"),
  row("timeout", "yyyyyyyy", "timeout.request"),
  row("retry", "yyyyyyy-", "retry"),
  row("time of a try", "yyy-yyy-", "retry.perTryTimeout"),
  row("retry budget", "yyy--??-", "retry.budget"),
  row("outlier detection", "yyyyyy?-", "traffic.outlierDetection"),
  row("connection limits", "yy-yyy?-", "traffic.connectionLimits"),
  row(
    "consistent hash",
    "yy-y-yy-",
    "traffic.loadBalancing.hash.header",
    "traffic.loadBalancing.hash.cookie",
    "traffic.loadBalancing.hash.sourceIp",
  ),
  row("fault", "yy---yy-", "fault.delay", "fault.abort"),
  row("mirror", "yy---yyy", "mirror", "mirror.percent"),
  row("rewrite", "yy-yyyyy", "rewrite.path.prefix"),
  row("redirect", "yyy--yyy", "redirect"),
  row("headers changed", "yyyy-yyy", "headers.request", "headers.response"),
  row("rate limit", "yyy--?y-", "traffic.rateLimit.proxy"),
  row("gRPC", "yyyyyyyy", "route.grpc", "match.grpc"),
  row("TCP", "yyyyyyyy", "route.tcp"),
  row("SNI", "yyy--y?y", "route.tls"),
  row("mTLS, strict", "yyyyyyy-", "mtls.strict"),
  row("mTLS, permissive", "yyyyyyy-", "mtls.permissive"),
  row("mTLS by namespace, workload, port", "yyyyyyy-", "mtls.override.service", "mtls.override.port"),
  row("L7 authorization", "yyyy-yy-", "access.allow", "access.methods", "access.paths"),
  row("deny", "yy-y-yy-", "access.deny"),
  row("default deny", "yyyy-yy-", "authorization.defaultDeny"),
  row("audit", "yyy--y?-", "access.audit"),
  row("JWT", "yy-y-yy-", "access.jwt", "access.jwt.claims"),
  row("external authorization", "yy-y-y?-", "externalAuthorization"),
  row("ingress", "yyyyyyyy", "gateway.http", "gateway.https"),
  row("egress", "yyyyyyy-", "egress.external"),
  row("egress denied", "yyyyyyy-", "egress.deny"),
  row("locality failover", "yy-y-y--", "traffic.locality.failover"),
  row("zones preferred", "yyy--y--", "traffic.locality.prefer"),
  row("multicluster", "yyyy--y-", "federation"),
  row("virtual machines", "yyyyy---", "workloads.vm"),
  row("trust domain", "yyy--?--", "mtls.trustDomain"),
  row("CA: a Secret", "yy------", "mtls.ca.shared-root"),
  row("CA: an issuer that is given", "--y-----", "mtls.ca.cert-manager"),
  row("CA: Vault, AWS", "---y----", "mtls.ca.vault", "mtls.ca.aws-pca"),
  row("CA: Key Vault", "-----y--", "mtls.ca.key-vault"),
  row("CA: CA Service", "------y-", "mtls.ca.gcp-cas"),
  row("traces", "yyyyyy?-", "telemetry.tracing"),
  row("logs, metrics", "yyyyyyy-", "telemetry.accessLogs", "telemetry.metrics"),
];
