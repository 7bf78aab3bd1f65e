import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const peer = (field: string) => native(`PeerAuthentication.spec.${field}`, docs.peerAuthentication);
const policy = (field: string, note?: string) =>
  native(`AuthorizationPolicy.spec.${field}`, docs.authorizationPolicy, note);
const otherCa = (who: string) =>
  none(
    `istiod signs with its own key or an intermediate that it is given; it cannot ask ${who}`,
    docs.pluginCa,
    "mtls.ca.shared-root with an intermediate that it issued",
  );

/** mTLS, authorization and tokens, as Istio's sidecars enforce them. */
export const sidecarSecurity = {
  "mtls.strict": peer("mtls.mode"),
  "mtls.permissive": peer("mtls.mode"),
  "mtls.override.namespace": peer("mtls.mode"),
  "mtls.override.service": peer("selector"),
  "mtls.override.port": peer("portLevelMtls"),
  "mtls.trustDomain": native("meshConfig.trustDomain", docs.meshConfig),
  "mtls.ca.shared-root": native(
    "Secret istio-system/cacerts",
    docs.pluginCa,
    "the Secret must be called cacerts",
  ),
  "mtls.ca.cert-manager": otherCa("cert-manager"),
  "mtls.ca.vault": otherCa("Vault"),
  "mtls.ca.aws-pca": otherCa("AWS Private CA"),
  "mtls.ca.key-vault": otherCa("Azure Key Vault"),
  "mtls.ca.gcp-cas": otherCa("Google's CA Service"),
  "authorization.defaultDeny": policy("{}"),
  "authorization.defaultAllow": native("no AuthorizationPolicy", docs.authorizationPolicy),
  "access.allow": policy("action ALLOW"),
  "access.deny": policy("action DENY"),
  "access.audit": policy("action AUDIT", "what matches is in the access log of the service's proxies"),
  "access.ports": policy("rules[].to[].operation.ports"),
  "access.methods": policy("rules[].to[].operation.methods"),
  "access.paths": policy("rules[].to[].operation.paths"),
  "access.from.service": policy("rules[].from[].source.principals"),
  "access.from.gateway": policy("rules[].from[].source.principals"),
  "access.from.namespace": policy("rules[].from[].source.namespaces"),
  "access.from.principal": policy("rules[].from[].source.principals"),
  "access.from.ipBlocks": policy("rules[].from[].source.ipBlocks"),
  "access.jwt": native(
    "RequestAuthentication; AuthorizationPolicy.spec.rules[].when[]",
    docs.requestAuthentication,
  ),
  "access.jwt.claims": native("AuthorizationPolicy.spec.rules[].when[] request.auth.claims", docs.conditions),
  "jwt.remoteKeys": native("RequestAuthentication.spec.jwtRules[].jwksUri", docs.requestAuthentication),
  "jwt.inlineKeys": native("RequestAuthentication.spec.jwtRules[].jwks", docs.requestAuthentication),
  externalAuthorization: policy("action CUSTOM", "one for each service"),
} as const satisfies Partial<CapabilityTable>;
