import { byText, groupBy, type JsonObject } from "../../../../lib";
import { isHttpLike, type Route, type Service } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { gatewayHostName, hostOf } from "../names";
import type { Site } from "../site";
import { sniOf, tcpEntries, tlsEntries } from "./connections";
import { destinationRules } from "./destination-rules";
import { networking } from "./objects";
import { rateLimits } from "./rate-limits";
import { httpEntries } from "./requests";

/** Where requests and connections go: how services are called, and routes of services and gateways. */
export function trafficObjects(site: Site): KubeObject[] {
  return [
    ...destinationRules(site.intent),
    ...serviceRoutes(site),
    ...gatewayRoutes(site),
    ...rateLimits(site),
  ];
}

/** One VirtualService for each routed service, with the rules of all its routes. */
function serviceRoutes({ intent, lookup }: Site): KubeObject[] {
  const byService = groupBy(intent.routes, (r) => (r.for.kind === "service" ? r.for.service : undefined));
  return intent.services.flatMap((service) => {
    const routes = byService.get(service.key);
    if (routes === undefined) return [];
    const surroundings = { lookup, portOf: (route: Route) => portAmong(service, route) };
    const spec = {
      // Istio wants the names of TLS handshakes among the hosts.
      hosts: [...new Set([hostOf(service), ...sniOf(routes)])],
      gateways: ["mesh"],
      ...entries({
        http: httpEntries(routes, surroundings),
        tls: tlsEntries(routes, surroundings),
        tcp: tcpEntries(routes, surroundings),
      }),
    };
    return [networking("VirtualService", { name: service.name, namespace: service.namespace, spec })];
  });
}

/** With one port of its kind a route holds for it anyway; with several it must say which. */
function portAmong({ ports }: Service, { kind, for: to }: Route): number | undefined {
  if (to.kind !== "service") return undefined;
  const requests = kind === "http" || kind === "grpc";
  const fitting = ports.filter((p) => (requests ? isHttpLike(p.protocol) : p.protocol === kind));
  return fitting.length > 1 ? to.port : undefined;
}

/** One VirtualService for each host of a gateway, since rules of several for one host would have no order. */
function gatewayRoutes({ intent, lookup, gateway }: Site): KubeObject[] {
  const surroundings = { lookup, portOf: () => undefined };
  return intent.gateways.flatMap(({ name }) => {
    const routes = intent.routes.flatMap((route) =>
      route.for.kind === "gateway" && route.for.gateway === name ? [{ route, hosts: route.for.hosts }] : [],
    );
    const hosts = [...new Set(routes.flatMap((r) => r.hosts))].sort(byText);
    return hosts.flatMap((host) => {
      const own = routes.filter((r) => r.hosts.includes(host)).map((r) => r.route);
      const rules = entries({
        http: httpEntries(own, surroundings),
        tls: tlsEntries(own, { ...surroundings, host }),
        tcp: tcpEntries(own, surroundings),
      });
      if (Object.keys(rules).length === 0) return [];
      const place = { name: gatewayHostName(name, host), namespace: gateway(name).namespace };
      return [
        networking("VirtualService", { ...place, spec: { hosts: [host], gateways: [name], ...rules } }),
      ];
    });
  });
}

function entries(kinds: { readonly [kind: string]: readonly JsonObject[] }): JsonObject {
  return Object.fromEntries(Object.entries(kinds).filter(([, list]) => list.length > 0));
}
