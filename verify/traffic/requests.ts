import { isHttpLike, isHttpRoute, type Service, type ServicePort } from "../../mesh/intent/types";
import type { Request } from "../envoy/match";
import { accessProbes } from "../expect/access-probes";
import { isAllowed } from "../expect/access";
import { probesOf, ruleFor } from "../expect/routing";
import type { Expected } from "../types";
import type { Sent } from "./sender";

/** The URL by which workloads call a service, and the rest of a request to it. */
export function sentTo(service: Service, port: ServicePort, request: Request): Sent {
  const query = new URLSearchParams(request.query).toString();
  const url = `http://${service.name}.${service.namespace}:${port.port}${request.path}${query === "" ? "" : `?${query}`}`;
  return { url, method: request.method, headers: request.headers };
}

/** Requests of one caller to a service that the intent routes somewhere, apart by whether it allows them. */
export function requestsBy(
  expected: Expected,
  principal: string,
  called: { readonly service: Service; readonly port: ServicePort },
): { readonly allowed: readonly Request[]; readonly denied: readonly Request[] } {
  const { service, port } = called;
  const routes = routesOf(expected, service, port);
  const asked = accessProbes(expected, service, port).filter((request) => request.principal === principal);
  const shaped = asked.flatMap((request) =>
    routes.length === 0 ? [request] : probesOf(routes, request).map(onPath(request)),
  );
  const routed = shaped.filter((request) => routes.length === 0 || ruleFor(routes, request) !== undefined);
  return {
    allowed: routed.filter((request) => isAllowed(expected, service, request)),
    denied: routed.filter((request) => !isAllowed(expected, service, request)),
  };
}

/** A route's probe on the path that access rules speak of, where the route takes any path. */
function onPath(asked: Request): (probe: Request) => Request {
  return (probe) => (probe.path === "/" || probe.path === "/probe" ? { ...probe, path: asked.path } : probe);
}

export function routesOf(expected: Expected, service: Service, port: ServicePort) {
  return expected.intent.routes
    .filter(isHttpRoute)
    .filter(
      ({ for: target }) =>
        target.kind === "service" &&
        target.service === service.key &&
        (target.port === undefined || target.port === port.port),
    );
}

/** Every port at which services of the intent are called by HTTP. */
export function calledPorts(expected: Expected): { readonly service: Service; readonly port: ServicePort }[] {
  return expected.intent.services.flatMap((service) =>
    service.ports.filter((port) => isHttpLike(port.protocol)).map((port) => ({ service, port })),
  );
}
