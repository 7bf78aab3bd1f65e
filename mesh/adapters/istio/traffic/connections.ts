import { hostWithin, present, type JsonObject } from "../../../../lib";
import type { Lookup } from "../../../intent/lookup";
import type { Route } from "../../../intent/types";
import { destinations } from "./actions";

interface Surroundings {
  readonly lookup: Lookup;
  /** The port that a route's matches must name, if any. */
  readonly portOf: (route: Route) => number | undefined;
}

/** `VirtualService.spec.tcp[]` for the routes of whole connections. */
export function tcpEntries(routes: readonly Route[], { lookup, portOf }: Surroundings): JsonObject[] {
  return routes.flatMap((route) => {
    if (route.kind !== "tcp") return [];
    const port = portOf(route);
    return route.rules.map((rule) => ({
      ...(port === undefined ? {} : { match: [{ port }] }),
      route: destinations(rule.backends, lookup),
    }));
  });
}

/** `VirtualService.spec.tls[]` for the routes by SNI; only for names within `host` where there is one. */
export function tlsEntries(
  routes: readonly Route[],
  { lookup, portOf, host }: Surroundings & { readonly host?: string },
): JsonObject[] {
  return routes.flatMap((route) => {
    if (route.kind !== "tls") return [];
    return route.rules.flatMap((rule) => {
      const sniHosts = rule.sni.filter((sni) => host === undefined || hostWithin(sni, host));
      if (sniHosts.length === 0) return [];
      return [
        {
          match: [{ ...present({ port: portOf(route) }), sniHosts }],
          route: destinations(rule.backends, lookup),
        },
      ];
    });
  });
}

/** Every name that TLS routes tell connections by. */
export function sniOf(routes: readonly Route[]): string[] {
  return routes.flatMap((route) => (route.kind === "tls" ? route.rules.flatMap((rule) => rule.sni) : []));
}
