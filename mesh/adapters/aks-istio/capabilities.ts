import { native, none } from "../../capability/support";
import type { CapabilityTable } from "../../capability/types";
import { sidecarTable } from "../istio/shared";
import { istioVersion, type AksOptions } from "./options";

const DOCS = "https://learn.microsoft.com/azure/aks";
const docs = {
  about: `${DOCS}/istio-about`,
  ingress: `${DOCS}/istio-deploy-ingress`,
  meshConfig: `${DOCS}/istio-meshconfig`,
  pluginCa: `${DOCS}/istio-plugin-ca`,
} as const;

const ports = "on the ports 80 and 443 only, which the add-on fixes";
const ingress = (protocol: string) =>
  native(`Gateway.spec.servers[].port.protocol ${protocol}`, docs.ingress, ports);
const addOnGateway = (which: string) => native(`the add-on's ${which} ingress gateway`, docs.ingress);
const otherCa = none(
  "the add-on's control plane signs, with a key of its own or one from Azure Key Vault",
  docs.pluginCa,
  "mtls.ca.key-vault",
);
const noFilters = none(
  "rate limits need an EnvoyFilter, which the add-on lets in and Azure does not support",
  docs.about,
  "traffic.connectionLimits, or raw with an EnvoyFilter at your own risk",
);
const oneCluster = none("the add-on does not join clusters", docs.about, "gateways between the clusters");
const unsupported = "allowed by the add-on, but outside of Azure's support";

const otherAuthorities = {
  "mtls.ca.shared-root": otherCa,
  "mtls.ca.cert-manager": otherCa,
  "mtls.ca.vault": otherCa,
  "mtls.ca.aws-pca": otherCa,
  "mtls.ca.gcp-cas": otherCa,
} as const satisfies Partial<CapabilityTable>;

const ingresses = {
  "gateway.http": ingress("HTTP"),
  "gateway.https": ingress("HTTPS"),
  "gateway.grpc": ingress("GRPC"),
  "gateway.tls": ingress("TLS"),
  "gateway.tcp": ingress("TCP"),
  "gateway.exposure.public": addOnGateway("external"),
  "gateway.exposure.internal": addOnGateway("internal"),
  "gateway.exposure.cluster": none(
    "the add-on's ingress gateways all have load balancers",
    docs.ingress,
    "gateway.exposure.internal",
  ),
} as const satisfies Partial<CapabilityTable>;

/** Istio's own table, less what the add-on blocks, fixes or does not support. */
export function aksTable({ revision }: AksOptions): CapabilityTable {
  return {
    ...sidecarTable(istioVersion(revision)),
    ...ingresses,
    ...otherAuthorities,
    "traffic.rateLimit.proxy": noFilters,
    "mtls.trustDomain": none(
      "the add-on's own MeshConfig wins over the user's, and names the trust domain",
      docs.meshConfig,
      "the trust domain cluster.local",
    ),
    "mtls.ca.key-vault": native(
      "serviceMeshProfile.istio.certificateAuthority.plugin",
      docs.pluginCa,
      "from the start: the add-on must be turned off and on again to change it",
    ),
    externalAuthorization: native(
      "AuthorizationPolicy.spec.action CUSTOM; extensionProviders in the shared ConfigMap",
      docs.meshConfig,
      `one for each service; ${unsupported}`,
    ),
    "egress.deny": native(
      "outboundTrafficPolicy.mode REGISTRY_ONLY in the shared ConfigMap",
      docs.meshConfig,
      "a pod that leaves its sidecar out is not held back",
    ),
    "egress.allow": native("outboundTrafficPolicy.mode ALLOW_ANY in the shared ConfigMap", docs.meshConfig),
    "telemetry.tracing": native(
      "Telemetry.spec.tracing[]; extensionProviders in the shared ConfigMap",
      docs.meshConfig,
      unsupported,
    ),
    federation: oneCluster,
    "federation.sharedRoot": oneCluster,
    "workloads.vm": none("the add-on blocks WorkloadEntry and WorkloadGroup", docs.about),
    "service.clusters": oneCluster,
  };
}
