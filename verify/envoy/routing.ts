import type { ProxyConfig, Route, VirtualHost } from "../xds/types";
import { connectionManager, chainsOf } from "./chains";
import { matchRoute, type Request } from "./match";

/** What happens to a request: shares of it (adding up to 1) go to clusters, or the proxy answers by itself. */
export type Fate =
  | { readonly kind: "clusters"; readonly shares: ReadonlyMap<string, number>; readonly route: Route }
  | { readonly kind: "answer"; readonly status: number; readonly route?: Route }
  /** A route before any that matches has a condition that this tool does not know. */
  | { readonly kind: "unknown"; readonly route: Route };

/** All virtual hosts that a proxy knows, whether its listeners hold them or name a route configuration that does. */
export function virtualHosts(proxy: ProxyConfig): { readonly config: string; readonly host: VirtualHost }[] {
  const inline = proxy.listeners
    .filter((listener) => listener.name !== "virtualInbound")
    .flatMap(chainsOf)
    .flatMap((chain) => connectionManager(chain)?.routeConfig ?? []);
  return [...proxy.routes, ...inline].flatMap((config) =>
    (config.virtualHosts ?? []).map((host) => ({ config: config.name ?? "", host })),
  );
}

/** The first route that takes the request decides. Source: envoy/config/route/v3/route_components.proto. */
export function fateOf(host: VirtualHost, request: Request): Fate {
  for (const route of host.routes ?? []) {
    const verdict = matchRoute(route.match ?? {}, request);
    if (verdict === undefined) return { kind: "unknown", route };
    if (verdict) return actionOf(route);
  }
  return { kind: "answer", status: 404 };
}

function actionOf(route: Route): Fate {
  if (route.directResponse) return { kind: "answer", status: route.directResponse.status ?? 0, route };
  if (route.redirect) return { kind: "answer", status: 301, route };
  const { cluster, weightedClusters } = route.route ?? {};
  if (cluster !== undefined) return { kind: "clusters", shares: new Map([[cluster, 1]]), route };
  const weighted = (weightedClusters?.clusters ?? []).map(
    (c) => [c.name ?? "", c.weight?.value ?? 0] as const,
  );
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0);
  if (total === 0) return { kind: "unknown", route };
  return {
    kind: "clusters",
    shares: summed(weighted.map(([name, weight]) => [name, weight / total] as const)),
    route,
  };
}

/** Shares of the same key added up; those of nothing left out. */
export function summed(shares: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, share] of shares) if (share > 0) sums.set(key, (sums.get(key) ?? 0) + share);
  return sums;
}
