import type { JsonObject } from "../../../../lib";
import type { JwtCondition, JwtProvider, Service } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";
import { heldBy, requestAuthentication } from "./objects";

/** Which tokens each service checks: those that its `allow`s and `deny`s name. A bad one of these is always refused. */
export function requestAuthentications(site: Site): KubeObject[] {
  return site.intent.services.flatMap((service) => {
    const providers = providersOf(service, site);
    if (providers.length === 0) return [];
    const spec = { ...heldBy(service, site), jwtRules: providers.map(jwtRule) };
    return [requestAuthentication({ name: `${service.name}-jwt`, namespace: service.namespace, spec })];
  });
}

export function providersOf(service: Service, { intent, lookup }: Site): JwtProvider[] {
  const named = new Set(
    lookup
      .accessTo(service.key)
      .flatMap(({ action, jwt }) => (action !== "audit" && jwt !== undefined ? [jwt.provider] : [])),
  );
  if (named.size === 0) return [];
  return intent.jwtProviders.filter((p) => named.has(p.name));
}

export function jwtRule({ issuer, jwksUri, jwks, audiences, forward }: JwtProvider): JsonObject {
  return {
    issuer,
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(jwks === undefined ? {} : { jwks }),
    ...(audiences.length === 0 ? {} : { audiences }),
    forwardOriginalToken: forward,
  };
}

/** A valid token of the provider, told by its issuer: Istio's request principals would ask for a subject too. */
export function jwtConditions({ provider, claims }: JwtCondition, { intent }: Site): JsonObject[] {
  const issuers = intent.jwtProviders.filter((p) => p.name === provider).map((p) => p.issuer);
  return [
    { key: "request.auth.claims[iss]", values: issuers },
    ...claims.map(({ name, values }) => ({ key: `request.auth.claims[${name}]`, values })),
  ];
}
