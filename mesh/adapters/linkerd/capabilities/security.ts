import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const server = (value: string, note?: string) =>
  native(`Server.spec.accessPolicy ${value}`, docs.authorization, note);
const policy = (field: string, note?: string) => native(field, docs.authorization, note);
const mtls = "MeshTLSAuthentication.spec.identities";
const otherCa = (who: string) =>
  none(
    `Linkerd signs with an issuer that it is given; it cannot ask ${who}`,
    docs.certificates,
    "mtls.ca.cert-manager with an issuer that does",
  );
const noTokens = none(
  "Linkerd's proxies read no tokens",
  docs.authorization,
  "check tokens in the workload or at the ingress",
);

/** mTLS and authorization, as Linkerd's proxies enforce them. */
export const security = {
  "mtls.strict": server("all-authenticated", "where nothing else is said of who may call"),
  "mtls.permissive": server("all-unauthenticated"),
  "mtls.override.namespace": server("all-unauthenticated"),
  "mtls.override.service": server("all-unauthenticated"),
  "mtls.override.port": server("all-unauthenticated"),
  "mtls.trustDomain": native("identityTrustDomain", docs.certificates, "the issuer's name ends in it"),
  "mtls.ca.shared-root": none(
    "Linkerd reads no Secret with the keys ca-cert.pem and root-cert.pem",
    docs.certificates,
    "ca: { kind: mesh }, with the root as identity.trustAnchors and an intermediate as identity.issuer of the mesh's options",
  ),
  "mtls.ca.cert-manager": native(
    "Certificate linkerd/linkerd-identity-issuer",
    docs.certificates,
    "of a ClusterIssuer",
  ),
  "mtls.ca.vault": otherCa("Vault"),
  "mtls.ca.aws-pca": otherCa("AWS Private CA"),
  "mtls.ca.key-vault": otherCa("Azure Key Vault"),
  "mtls.ca.gcp-cas": otherCa("Google's CA Service"),
  "authorization.defaultDeny": native(
    "proxy.defaultInboundPolicy deny; Server.spec.accessPolicy deny",
    docs.serverPolicy,
    "the kubelet's HTTP probes stay allowed",
  ),
  "authorization.defaultAllow": server("all-authenticated"),
  "access.allow": policy("AuthorizationPolicy"),
  "access.deny": none(
    "Linkerd's policies only allow",
    docs.authorization,
    "allow those who may, and leave out who may not",
  ),
  "access.audit": server("audit", "of all that comes in at a service which lets everyone in"),
  "access.ports": policy("Server.spec.port"),
  "access.methods": policy("HTTPRoute (policy.linkerd.io) of a Server"),
  "access.paths": policy(
    "HTTPRoute (policy.linkerd.io) of a Server",
    "the kubelet's probes of such a port must be named in the mesh's options",
  ),
  "access.from.service": policy(mtls),
  "access.from.namespace": policy(mtls),
  "access.from.principal": policy(mtls),
  "access.from.ipBlocks": policy("NetworkAuthentication.spec.networks"),
  "access.jwt": noTokens,
  "access.jwt.claims": noTokens,
  "jwt.remoteKeys": noTokens,
  "jwt.inlineKeys": noTokens,
  externalAuthorization: none(
    "Linkerd's proxies ask nobody about requests",
    docs.authorization,
    "ask in the workload, or at the ingress",
  ),
} as const satisfies Partial<CapabilityTable>;
