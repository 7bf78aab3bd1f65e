import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const source = (field: string, note?: string) =>
  native(`ServiceIntentions.spec.sources[].${field}`, docs.intentions, note);
const mode = (field: string, note?: string) => native(field, docs.permissive, note);
const otherCa = (who: string, nearest: string) =>
  none(`Consul's authorities are its own, Vault and AWS Private CA; it cannot ask ${who}`, docs.ca, nearest);
const PLAINTEXT = "plaintext passes by access, so that a service that takes it must be open to all";

/** mTLS, authorization and tokens, as Consul's sidecars enforce them. */
export const security = {
  "mtls.strict": native("every proxy, always", docs.permissive),
  "mtls.permissive": mode("ProxyDefaults.spec.mutualTLSMode", PLAINTEXT),
  "mtls.override.namespace": mode(
    "ServiceDefaults.spec.mutualTLSMode",
    "for the namespace's services that the intent names",
  ),
  "mtls.override.service": mode("ServiceDefaults.spec.mutualTLSMode", PLAINTEXT),
  "mtls.override.port": mode("ServiceDefaults.spec.mutualTLSMode", "a service of Consul's has one port"),
  "mtls.trustDomain": none(
    "Consul makes its trust domain itself, from the id of its cluster",
    docs.ca,
    "callers by service instead of by principal",
  ),
  "mtls.ca.shared-root": none(
    "Consul takes a root only as text in its configuration, not from a Secret",
    docs.ca,
    "mtls.ca.vault, with the shared root in Vault",
  ),
  "mtls.ca.cert-manager": otherCa("cert-manager", "mtls.ca.vault"),
  "mtls.ca.vault": native(
    "server.extraConfig connect.ca_provider vault",
    docs.ca,
    "path names the mount of the root",
  ),
  "mtls.ca.aws-pca": native("server.extraConfig connect.ca_provider aws-pca", docs.ca),
  "mtls.ca.key-vault": otherCa("Azure Key Vault", "mtls.ca.vault"),
  "mtls.ca.gcp-cas": otherCa("Google's CA Service", "mtls.ca.vault"),
  "authorization.defaultDeny": source("action deny", "of the wildcard to the wildcard"),
  "authorization.defaultAllow": source("action allow", "of the wildcard to the wildcard"),
  "access.allow": source("action allow"),
  "access.deny": source("action deny", "not by token, and not by namespace"),
  "access.audit": none(
    "Consul either allows or denies; it does not log what a rule would name",
    docs.intentions,
    "telemetry.accessLogs all",
  ),
  "access.ports": source("action", "a service of Consul's has one port"),
  "access.methods": source("permissions[].http.methods"),
  "access.paths": source("permissions[].http.pathExact, pathPrefix, pathRegex"),
  "access.from.service": source("name"),
  "access.from.gateway": source("name"),
  "access.from.namespace": source(
    "name",
    "one source for each of the namespace's services that the intent names",
  ),
  "access.from.principal": none(
    "Consul's identities are its own, of its services: spiffe://<cluster>.consul/ns/default/dc/<datacenter>/svc/<service>",
    docs.identity,
    "from: [{ service: … }]",
  ),
  "access.from.ipBlocks": none(
    "intentions know callers by their identity alone",
    docs.intentionsCrd,
    "from: [{ service: … }], or a NetworkPolicy",
  ),
  "access.jwt": source("permissions[].jwt", "for allow; who is turned away for a token is told 403"),
  "access.jwt.claims": source(
    "permissions[].jwt.providers[].verifyClaims",
    "claims that are a single text: of several values none counts",
  ),
  "jwt.remoteKeys": native("JWTProvider.spec.jsonWebKeySet.remote", docs.jwtProvider),
  "jwt.inlineKeys": native("JWTProvider.spec.jsonWebKeySet.local", docs.jwtProvider),
  externalAuthorization: native(
    "ServiceDefaults.spec.envoyExtensions[] builtin/ext-authz",
    docs.extAuthz,
    "about all requests of a service, and one for each service",
  ),
} as const satisfies Partial<CapabilityTable>;
