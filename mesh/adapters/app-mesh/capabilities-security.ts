import { native, none } from "../../capability/support";
import type { CapabilityTable, Support } from "../../capability/types";
import type { AppMeshOptions } from "./options";
import { api, guide } from "./sources";

const noPolicy = none(
  "App Mesh has no authorization policies: who has a certificate of the mesh may call everything",
  guide("mutual-tls"),
  "options.calls with egress.default deny keeps proxies from calling what they should not",
);
const noTokens = none("App Mesh reads no tokens", guide("mutual-tls"), "the application checks them");
const noCertificates = none(
  "proxies have no certificates: the option tls says where they are",
  guide("mutual-tls"),
  "tls: { kind: file } or { kind: sds }",
);
const oneSided = none(
  "certificates of ACM are for servers: callers would prove nothing",
  guide("mutual-tls"),
  "tls: { kind: file } or { kind: sds }",
);

/** Who signs is the business of whoever puts the certificates where proxies find them. */
function authority(nearest: string): Support {
  return none("App Mesh signs no certificates: it takes those that it is given", guide("tls"), nearest);
}

/** What no certificates change. */
const unconditional = {
  "mtls.ca.shared-root": authority("certificates of that root, as files"),
  "mtls.ca.cert-manager": authority("certificates of cert-manager in Secrets that proxies mount"),
  "mtls.ca.vault": authority("SPIRE with Vault above it, by tls: { kind: sds }"),
  "mtls.ca.aws-pca": authority("SPIRE with AWS Private CA above it, by tls: { kind: sds }"),
  "mtls.ca.key-vault": authority("certificates of that authority, as files"),
  "mtls.ca.gcp-cas": authority("certificates of that authority, as files"),
  "authorization.defaultDeny": noPolicy,
  "authorization.defaultAllow": native("no policy", guide("mutual-tls"), "App Mesh knows nothing else"),
  "access.allow": noPolicy,
  "access.deny": noPolicy,
  "access.audit": noPolicy,
  "access.ports": noPolicy,
  "access.methods": noPolicy,
  "access.paths": noPolicy,
  "access.from.service": noPolicy,
  "access.from.gateway": noPolicy,
  "access.from.namespace": noPolicy,
  "access.from.principal": noPolicy,
  "access.from.ipBlocks": noPolicy,
  "access.jwt": noTokens,
  "access.jwt.claims": noTokens,
  "jwt.remoteKeys": noTokens,
  "jwt.inlineKeys": noTokens,
  externalAuthorization: none("App Mesh's proxies ask nobody about requests", api("Listener")),
} as const satisfies Partial<CapabilityTable>;

/** Security as configured: mutual TLS needs certificates that callers have too. */
export function securityTable({ tls }: AppMeshOptions) {
  const mutual = tls?.kind === "file" || tls?.kind === "sds";
  const mode = (by: string, otherwise: Support): Support =>
    mutual ? native(by, guide("mutual-tls")) : otherwise;
  const lacking = tls === undefined ? noCertificates : oneSided;
  const strict = mode("VirtualNode.spec.listeners[].tls.mode STRICT, with validation", lacking);
  const either =
    tls?.kind === "acm"
      ? native("VirtualNode.spec.listeners[].tls.mode PERMISSIVE", guide("tls"), "callers prove nothing")
      : mode("VirtualNode.spec.listeners[].tls.mode PERMISSIVE", lacking);
  const override = mode("VirtualNode.spec.listeners[].tls.mode", lacking);
  return {
    ...unconditional,
    "mtls.strict": strict,
    "mtls.permissive": either,
    "mtls.override.namespace": override,
    "mtls.override.service": override,
    "mtls.override.port": override,
    "mtls.trustDomain":
      tls?.kind === "sds"
        ? native("VirtualNode.spec.listeners[].tls.certificate.sds.secretName", guide("tls"))
        : none(
            "certificates are known by DNS names where they do not come by discovery",
            guide("tls"),
            "tls: { kind: sds }",
          ),
  } as const satisfies Partial<CapabilityTable>;
}
