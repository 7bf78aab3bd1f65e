import { native, none } from "../../capability/support";
import type { CapabilityTable, Support } from "../../capability/types";
import { sidecarTable } from "../istio/shared";
import type { CsmOptions } from "./options";

const DOCS = "https://cloud.google.com/service-mesh/docs";
const docs = {
  features: `${DOCS}/supported-features-managed`,
  fields: `${DOCS}/onboarding/api-support`,
  filters: `${DOCS}/data-plane-extensibility`,
  logs: `${DOCS}/observability/access-logs`,
  gateways: `${DOCS}/operate-and-maintain/gateways`,
} as const;

/** The newest Istio whose objects this mesh is known to take in full, apart from what is said below. */
const TAKES = "1.30.0";

const otherCa = none(
  "Google's mesh certificate authority or its CA Service signs, nobody else",
  docs.features,
  "mtls.ca.gcp-cas",
);
const noLocality = none(
  "Traffic Director does not read localityLbSetting",
  docs.features,
  "a GCPTrafficDistributionPolicy in raw",
);
const gateway = (protocol: string): Support =>
  native(`Gateway.spec.servers[].port.protocol ${protocol}`, docs.gateways);
const service = (type: string): Support => native(`Service.spec.type ${type}`, docs.gateways);

/** Istio's own table, less what Traffic Director does not read or does in its own way. */
export function csmTable({ externalAuthorization }: CsmOptions): CapabilityTable {
  return { ...sidecarTable(TAKES), ...traffic, ...security(externalAuthorization), ...platform };
}

const traffic = {
  "retry.budget": none(
    "retryBudget is not among the fields that Google lists as supported",
    docs.fields,
    "traffic.connectionLimits",
  ),
  "traffic.locality.prefer": noLocality,
  "traffic.locality.failover": noLocality,
  "traffic.rateLimit.proxy": native("EnvoyFilter, envoy.filters.http.local_ratelimit", docs.filters),
} as const satisfies Partial<CapabilityTable>;

function security(externalAuthorization: boolean) {
  return {
    "mtls.trustDomain": native(
      "the fleet's workload identity pool",
      docs.features,
      "<project>.svc.id.goog and no other",
    ),
    "mtls.ca.shared-root": otherCa,
    "mtls.ca.cert-manager": otherCa,
    "mtls.ca.vault": otherCa,
    "mtls.ca.aws-pca": otherCa,
    "mtls.ca.key-vault": otherCa,
    "mtls.ca.gcp-cas": native(
      "the fleet's certificate authority",
      docs.features,
      "set where the mesh is turned on",
    ),
    "access.audit": none(
      "Traffic Director has no audit policies",
      docs.features,
      "a policy with the annotation istio.io/dry-run in raw",
    ),
    "jwt.remoteKeys": native(
      "RequestAuthentication.spec.jwtRules[].jwksUri; ServiceEntry and DestinationRule for its host",
      docs.features,
      "fetched by each proxy",
    ),
    "jwt.inlineKeys": native(
      "RequestAuthentication.spec.jwtRules[].jwks",
      docs.features,
      "no keys for A128CBC-HS256, A192CBC-HS384 or A256CBC-HS512",
    ),
    externalAuthorization: externalAuthorization
      ? native(
          "AuthorizationPolicy.spec.action CUSTOM; extensionProviders",
          docs.features,
          "one for each service",
        )
      : none(
          "policies that ask others are for organizations on Google's allowlist",
          docs.features,
          "ask Google's support, then say allowlisted: [externalAuthorization]",
        ),
  } as const satisfies Partial<CapabilityTable>;
}

const noFigures = none(
  "Flagger judges by Istio's metrics in Prometheus, and this mesh sends its own to Cloud Monitoring",
  docs.features,
  "weights of a route, changed by hand",
);

const platform = {
  "gateway.http": gateway("HTTP"),
  "gateway.https": gateway("HTTPS"),
  "gateway.grpc": gateway("GRPC"),
  "gateway.tls": gateway("TLS"),
  "gateway.tcp": gateway("TCP"),
  "gateway.exposure.public": service("LoadBalancer"),
  "gateway.exposure.internal": service("LoadBalancer"),
  "gateway.exposure.cluster": service("ClusterIP"),
  "egress.deny": native(
    "Sidecar.spec.outboundTrafficPolicy.mode REGISTRY_ONLY",
    docs.features,
    "a pod that leaves its sidecar out is not held back",
  ),
  "egress.allow": native("Sidecar.spec.outboundTrafficPolicy.mode ALLOW_ANY", docs.features),
  "egress.external": native(
    "ServiceEntry",
    docs.features,
    "the organization's policy must let internet network endpoint groups be",
  ),
  "telemetry.tracing": none(
    "the share of requests that Traffic Director traces cannot be set",
    docs.features,
    "Cloud Trace at its own rate",
  ),
  "telemetry.accessLogs": native("Telemetry.spec.accessLogging[]", docs.logs),
  "telemetry.accessLogs.errors": none(
    "Traffic Director is not known to read filters of access logs",
    docs.features,
    "telemetry.accessLogs all, and an exclusion in Cloud Logging",
  ),
  "telemetry.metrics": native("Cloud Monitoring, from every proxy", docs.features),
  "rollout.canary": noFigures,
  "rollout.blueGreen": noFigures,
  federation: native(
    "one fleet, with the same plan in each of its clusters",
    docs.features,
    "on one network or several, without remote Secrets",
  ),
  "federation.sharedRoot": native("the fleet's certificate authority", docs.features),
  "workloads.vm": none("WorkloadEntry and WorkloadGroup are not supported", docs.fields),
  "service.clusters": none(
    "callers need the Service in their own cluster too, and plans make no Services",
    docs.features,
    "deploy the Service, without workloads, in all clusters",
  ),
} as const satisfies Partial<CapabilityTable>;
