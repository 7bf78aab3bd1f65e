import type { CertificateAuthority, MtlsMode, MtlsOverride, NormalizedIntent } from "../intent/types";
import { once, partsWith } from "./places";
import type { CapabilityUse, Definition } from "./types";

const PEERS = "https://istio.io/latest/docs/reference/config/security/peer_authentication/";
const SPIFFE = "https://spiffe.io/docs/latest/spiffe-about/spiffe-concepts/";

/** The whole mesh, and exceptions in one mode. */
function mode(wanted: MtlsMode): Definition["uses"] {
  const whole = once(["mtls", "mode"], ({ mtls }) => mtls.mode === wanted);
  const exceptions = overrides((override) => override.mode === wanted, "mode");
  return (intent): CapabilityUse[] => [...whole(intent), ...exceptions(intent)];
}

function overrides(asks: (override: MtlsOverride) => boolean, key: string): Definition["uses"] {
  return partsWith(({ mtls }: NormalizedIntent) => mtls.overrides, asks, [key]);
}

function authority(kind: CertificateAuthority["kind"], who: string, link: string): Definition {
  return {
    title: `certificates signed by ${who}`,
    definition: `The certificates of workloads are signed by ${who}.`,
    level: "extended",
    security: true,
    link,
    uses: partsWith(
      ({ mtls }: NormalizedIntent) => [mtls.ca],
      (ca) => ca.kind === kind,
      ["kind"],
    ),
  };
}

/** Who is who, and who may be called in the clear. */
export const mtls = {
  "mtls.strict": {
    title: "mTLS: strict",
    definition: "Workloads take only connections from callers that show a certificate of the mesh.",
    level: "core",
    security: true,
    link: PEERS,
    uses: mode("strict"),
  },
  "mtls.permissive": {
    title: "mTLS: permissive",
    definition: "Workloads take connections with a certificate of the mesh and without one.",
    level: "core",
    security: true,
    link: PEERS,
    uses: mode("permissive"),
  },
  "mtls.override.namespace": {
    title: "mTLS of a namespace",
    definition: "The workloads of a namespace have a mode of their own.",
    level: "core",
    security: true,
    link: PEERS,
    uses: overrides(({ namespace }) => namespace !== undefined, "namespace"),
  },
  "mtls.override.service": {
    title: "mTLS of a service",
    definition: "The workloads of a service have a mode of their own.",
    level: "extended",
    security: true,
    link: PEERS,
    uses: overrides(({ service, port }) => service !== undefined && port === undefined, "service"),
  },
  "mtls.override.port": {
    title: "mTLS of a port",
    definition: "A port of a service has a mode of its own.",
    level: "extended",
    security: true,
    link: PEERS,
    uses: overrides(({ port }) => port !== undefined, "port"),
  },
  "mtls.trustDomain": {
    title: "trust domain",
    definition: "Identities are of a trust domain that the user names.",
    level: "core",
    security: true,
    link: SPIFFE,
    uses: once(["mtls", "trustDomain"], ({ mtls: { trustDomain } }) => trustDomain !== "cluster.local"),
  },
  "mtls.ca.shared-root": authority("shared-root", "the user's own root", SPIFFE),
  "mtls.ca.cert-manager": authority(
    "cert-manager",
    "cert-manager",
    "https://cert-manager.io/docs/usage/istio-csr/",
  ),
  "mtls.ca.vault": authority("vault", "Vault", "https://developer.hashicorp.com/vault/docs/secrets/pki"),
  "mtls.ca.aws-pca": authority(
    "aws-pca",
    "AWS Private CA",
    "https://docs.aws.amazon.com/privateca/latest/userguide/PcaWelcome.html",
  ),
  "mtls.ca.key-vault": authority(
    "key-vault",
    "a root in Azure Key Vault",
    "https://learn.microsoft.com/en-us/azure/aks/istio-plugin-ca",
  ),
  "mtls.ca.gcp-cas": authority(
    "gcp-cas",
    "Google's Certificate Authority Service",
    "https://cloud.google.com/certificate-authority-service/docs",
  ),
} as const satisfies { readonly [id: string]: Definition };
