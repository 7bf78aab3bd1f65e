import type { TcpRoute } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { gatewayTargets } from "../gateways/routes";
import { protocolOf, takesRequests } from "../protocol";
import type { Site } from "../site";
import { resolver } from "./resolver";
import { router, routesOfServices, targetsOf } from "./router";
import { splitters } from "./splits";

/** Where requests go, in the order in which Consul accepts it: instances, then splits of them, then routes to those. */
export interface TrafficObjects {
  readonly resolvers: readonly KubeObject[];
  readonly splits: readonly KubeObject[];
  readonly routers: readonly KubeObject[];
}

export function trafficObjects(site: Site): TrafficObjects {
  const { intent, lookup } = site;
  const routes = routesOfServices(intent);
  const routed = [...routes].flatMap(([key, own]) => {
    const service = lookup.service(key);
    return service === undefined ? [] : [{ service, own, targets: targetsOf(service, own, site) }];
  });
  const targets = routed.flatMap(({ service, targets: own }) =>
    [...own.values()].map((target) => ({
      target,
      namespace: service.namespace,
      protocol: protocolOf(service),
    })),
  );
  const byService = new Map(routed.map((each) => [each.service.key, each]));
  const { defaults, splitters: splits } = splitters([...targets, ...gatewayTargets(site)]);
  const connections = connectionRoutes(site);
  return {
    resolvers: intent.services.flatMap((service) => resolver(service, connections.get(service.key), site)),
    splits: [...defaults, ...splits],
    routers: intent.services.filter(takesRequests).map((service) => {
      const { own = [], targets: known = new Map() } = byService.get(service.key) ?? {};
      return router(service, own, known);
    }),
  };
}

/** The route of connections of each service that has one. */
export function connectionRoutes({ intent }: Site): ReadonlyMap<string, TcpRoute> {
  return new Map(
    intent.routes.flatMap((route) =>
      route.kind === "tcp" && route.for.kind === "service" ? [[route.for.service, route] as const] : [],
    ),
  );
}
