import { canonicalText, errorAt, type Diagnostic, type FieldPath } from "../../../../lib";
import type { Backend, Service } from "../../../intent/types";
import type { Site } from "../site";
import { protocolOf } from "../protocol";
import { connectionRoutes } from "../traffic";
import { routesOfServices } from "../traffic/router";
import { placesOf } from "../traffic/splits";
import { treatmentOf } from "../upstreams";

/** Backends that Consul would refuse together, or treat in another way than the intent says. */
export function backendFaults(site: Site): Diagnostic[] {
  return [...ofRequests(site), ...ofConnections(site)];
}

function ofRequests(site: Site): Diagnostic[] {
  return [...routesOfServices(site.intent)].flatMap(([key, routes]) => {
    const owner = site.lookup.service(key);
    if (owner === undefined) return [];
    return routes.flatMap((route) =>
      route.rules.flatMap(({ backends, at }) => {
        if (backends.every((b) => b.service === key)) return [];
        const services = weighed(backends).flatMap((b) => site.lookup.service(b.service) ?? []);
        return [
          ...services.flatMap((s) => protocolFault(owner, s, [...at, "backends"])),
          ...services.flatMap((s) => treatmentFault(owner, s, [...at, "backends"])),
          ...hashFault(services, [...at, "backends"]),
        ];
      }),
    );
  });
}

function protocolFault(owner: Service, backend: Service, at: FieldPath): Diagnostic[] {
  const [from, to] = [protocolOf(owner), protocolOf(backend)];
  if (from === to) return [];
  const message = `${owner.key} speaks ${from} and ${backend.key} ${to}: Consul routes between equals only`;
  return [
    errorAt(at, { code: "unsupported-protocols", message, hint: "give both services the same protocol" }),
  ];
}

/** Callers treat every backend as the service that they called. */
function treatmentFault(owner: Service, backend: Service, at: FieldPath): Diagnostic[] {
  const [own, other] = [treatmentOf(owner) ?? {}, treatmentOf(backend) ?? {}];
  if (canonicalText(own) === canonicalText(other)) return [];
  const message = `callers of ${owner.key} would treat ${backend.key} by what traffic says of ${owner.key}`;
  const hint = "give both services the same outlierDetection and connectionLimits";
  return [errorAt(at, { code: "unsupported-treatment", message, hint })];
}

/** One route hashes requests in one way. */
function hashFault(services: readonly Service[], at: FieldPath): Diagnostic[] {
  const ways = new Set(
    services.map(({ traffic: { loadBalancing: lb } }) =>
      lb?.kind === "consistentHash" ? canonicalText({ ...lb.by }) : "",
    ),
  );
  if (ways.size < 2) return [];
  const message =
    "the backends' services hash requests in different ways, and one route of Consul's hashes in one";
  return [
    errorAt(at, { code: "unsupported-load-balancing", message, hint: "give them the same loadBalancing" }),
  ];
}

const weighed = (backends: readonly Backend[]): readonly Backend[] => backends.filter((b) => b.weight > 0);

/** A service as a whole becomes another, for whoever calls it and for whichever route leads to it. */
function ofConnections(site: Site): Diagnostic[] {
  const routes = connectionRoutes(site);
  return [...routes.values()].flatMap((route) => {
    const backends = weighed(route.rules.flatMap((rule) => rule.backends));
    const owner = route.for.kind === "service" ? route.for.service : undefined;
    const [only] = backends;
    if (only === undefined) return [];
    if (placesOf(backends, site).length > 1) {
      const message = "Consul does not split connections";
      return [errorAt(route.at, { code: "unsupported-split", message, hint: "leave one backend" })];
    }
    const target = only.service;
    const backend = site.lookup.service(target);
    const service = owner === undefined ? undefined : site.lookup.service(owner);
    if (backend === undefined || service === undefined) return [];
    const chained = target !== owner && routes.has(target);
    const named = owner !== target || only.version !== undefined ? referrers(site, service.key) : [];
    return [
      ...protocolFault(service, backend, only.at),
      ...treatmentFault(service, backend, only.at),
      ...(chained ? [chainFault(only.at, `${target}, which has a route of its own`)] : []),
      ...named.map((at) =>
        chainFault(at, `${service.key}, whose connections a route of its own leads elsewhere`),
      ),
    ];
  });
}

/** Where routes of other services or of gateways name a service as their backend. */
function referrers({ intent }: Site, key: string): FieldPath[] {
  return intent.routes
    .filter((route) => route.for.kind !== "service" || route.for.service !== key)
    .flatMap((route) => route.rules.flatMap((rule) => rule.backends))
    .filter((b) => b.service === key)
    .map((b) => b.at);
}

function chainFault(at: FieldPath, what: string): Diagnostic {
  const message = `connections are led to ${what}: Consul would follow both`;
  return errorAt(at, { code: "unsupported-chain", message, hint: "name the service where they end" });
}
