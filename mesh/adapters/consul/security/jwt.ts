import type { JsonObject } from "../../../../lib";
import type { JwtProvider } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { CONSUL_NAMESPACE, entry } from "../names";
import type { Site } from "../site";
import { base64 } from "./base64";

/** The issuers of tokens that access may ask for. */
export function jwtProviders({ intent }: Site): KubeObject[] {
  return intent.jwtProviders.map((provider) =>
    entry("JWTProvider", { name: provider.name, namespace: CONSUL_NAMESPACE, spec: specOf(provider) }),
  );
}

function specOf({ issuer, audiences, forward, ...keys }: JwtProvider): JsonObject {
  return {
    issuer,
    ...(audiences.length === 0 ? {} : { audiences }),
    jsonWebKeySet: keySet(keys),
    locations: [{ header: { name: "Authorization", valuePrefix: "Bearer ", forward } }],
  };
}

function keySet({ jwksUri = "", jwks }: Pick<JwtProvider, "jwksUri" | "jwks">): JsonObject {
  if (jwks !== undefined) return { local: { jwks: base64(jwks) } };
  return {
    remote: {
      uri: jwksUri,
      // Consul hands on whole seconds, and none if this is left out.
      requestTimeoutMs: 5000,
      // Other requests need not wait for the keys; those that need them are turned away until they are there.
      fetchAsynchronously: true,
      // How long keys are kept is left to Envoy: Consul hands on nanoseconds as seconds.
      ...(jwksUri.startsWith("https://") ? HTTPS : {}),
    },
  };
}

/** Without a bundle to check against, Envoy would take any certificate for the issuer's. */
const HTTPS: JsonObject = {
  useSNI: true,
  jwksCluster: {
    discoveryType: "STRICT_DNS",
    tlsCertificates: { trustedCA: { filename: "/etc/ssl/certs/ca-certificates.crt" } },
  },
};
