import {
  isHttpLike,
  type Access,
  type Caller,
  type HttpRoute,
  type NormalizedIntent,
  type Service,
  type ServicePort,
} from "../../intent/types";

/** The intent as this mesh must be told: with its own trust domain, and with routes where silence means retries. */
export function localIntent(intent: NormalizedIntent, pool: string): NormalizedIntent {
  return {
    ...intent,
    routes: [...intent.routes, ...plainRoutes(intent)],
    access: intent.access.map((access) => inPool(access, { pool, trustDomain: intent.mtls.trustDomain })),
  };
}

/**
 * A port without routes is reached without retries, which this mesh cannot be told once for all: such a port gets a
 * route that says so and nothing else.
 */
function plainRoutes({ services, routes }: NormalizedIntent): HttpRoute[] {
  const routed = (service: Service, port: ServicePort): boolean =>
    routes.some(
      (r) =>
        r.for.kind === "service" && r.for.service === service.key && (r.for.port ?? port.port) === port.port,
    );
  return services.flatMap((service) =>
    service.ports
      .filter((port) => isHttpLike(port.protocol) && !routed(service, port))
      .map((port) => plainRoute(service, port)),
  );
}

function plainRoute({ key, at }: Service, { port }: ServicePort): HttpRoute {
  const match = { path: { kind: "prefix", value: "/" }, headers: [], query: [], cookies: [], at } as const;
  const backends = [{ service: key, port, weight: 1, at }];
  return {
    kind: "http",
    for: { kind: "service", service: key, port },
    rules: [{ matches: [match], backends, mirrors: [], at }],
    at,
  };
}

/** Identities of the intent's own trust domain are those of the fleet's pool. */
function inPool(access: Access, domains: { pool: string; trustDomain: string }): Access {
  return { ...access, from: access.from.map((caller) => callerInPool(caller, domains)) };
}

function callerInPool(caller: Caller, { pool, trustDomain }: { pool: string; trustDomain: string }): Caller {
  const own = `spiffe://${trustDomain}/`;
  if (caller.kind !== "principal" || !caller.principal.startsWith(own)) return caller;
  return { ...caller, principal: `spiffe://${pool}/${caller.principal.slice(own.length)}` };
}
