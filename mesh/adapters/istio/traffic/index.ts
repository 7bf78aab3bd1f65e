import { byText, groupBy, type JsonObject } from "../../../../lib";
import type { HttpRoute, NormalizedIntent, Service } from "../../../intent/types";
import { isHttpLike } from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import { isStrict } from "../security/mtls";
import { gatewayHostName, hostOf } from "../names";
import type { Site } from "../site";
import { httpEntries } from "./http";

/** Where requests go: subsets of services, and routes of services and gateways. */
export function trafficObjects(input: Site): KubeObject[] {
  const { intent } = input;
  return [
    ...intent.services.flatMap((service) => destinationRule(service, intent)),
    ...serviceRoutes(input),
    ...gatewayRoutes(input),
  ];
}

/** A service's versions; and where it is strict, that its clients never fall back to plaintext. */
function destinationRule(service: Service, intent: NormalizedIntent): KubeObject[] {
  const strict = isStrict(service, intent);
  if (!strict && service.versions.length === 0) return [];
  const spec: JsonObject = {
    host: hostOf(service),
    ...(strict ? { trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } } } : {}),
    ...(service.versions.length === 0
      ? {}
      : { subsets: service.versions.map(({ name, labels }) => ({ name, labels })) }),
  };
  return [networking("DestinationRule", { name: service.name, namespace: service.namespace, spec })];
}

/** One VirtualService for each routed service, with the rules of all its routes. */
function serviceRoutes({ intent, lookup }: Site): KubeObject[] {
  const byService = groupBy(
    intent.routes.filter((r) => r.kind === "http"),
    (r) => (r.for.kind === "service" ? r.for.service : undefined),
  );
  return intent.services.flatMap((service) => {
    const routes = byService.get(service.key);
    if (routes === undefined) return [];
    // With one HTTP port the route holds for it anyway; with several it must say which.
    const several = service.ports.filter((p) => isHttpLike(p.protocol)).length > 1;
    const portOf = (route: HttpRoute): number | undefined =>
      several && route.for.kind === "service" ? route.for.port : undefined;
    const spec = {
      hosts: [hostOf(service)],
      gateways: ["mesh"],
      http: httpEntries(routes, { lookup, portOf }),
    };
    return [networking("VirtualService", { name: service.name, namespace: service.namespace, spec })];
  });
}

/** One VirtualService for each host of a gateway, since rules of several for one host would have no order. */
function gatewayRoutes({ intent, lookup, gateway }: Site): KubeObject[] {
  return intent.gateways.flatMap(({ name }) => {
    const routes = intent.routes.flatMap((route) =>
      route.kind === "http" && route.for.kind === "gateway" && route.for.gateway === name
        ? [{ route, hosts: route.for.hosts }]
        : [],
    );
    const hosts = [...new Set(routes.flatMap((r) => r.hosts))].sort(byText);
    return hosts.map((host) => {
      const own = routes.filter((r) => r.hosts.includes(host)).map((r) => r.route);
      const spec = {
        hosts: [host],
        gateways: [name],
        http: httpEntries(own, { lookup, portOf: () => undefined }),
      };
      const place = { name: gatewayHostName(name, host), namespace: gateway(name).namespace };
      return networking("VirtualService", { ...place, spec });
    });
  });
}

function networking(
  kind: string,
  { name, namespace, spec }: { name: string; namespace: string; spec: JsonObject },
): KubeObject {
  return kubeObject({ apiVersion: "networking.istio.io/v1", kind, name, namespace, spec });
}
