import {
  isHttpLike,
  isHttpRoute,
  type HttpRoute,
  type Service,
  type ServicePort,
} from "../../mesh/intent/types";
import { virtualHosts } from "../envoy/routing";
import { backendName } from "../expect/fate";
import type { Expected, Finding, Observed, Outcome } from "../types";
import type { ProxyConfig, VirtualHost } from "../xds/types";
import { compareRoutes } from "./compare-routes";

/**
 * A call from any sidecar to a service of the intent is routed as the intent says: to the same backends in the same
 * shares, for requests that meet each rule, its edges, and none; and no route is there that the intent does not give.
 */
export function routes(observed: Observed, expected: Expected): Outcome {
  const findings = new Map<string, Finding>();
  const figures = { callers: 0, "virtual hosts": 0, "requests judged": 0 };
  const ports = expected.intent.services.flatMap((service) =>
    service.ports.filter((port) => isHttpLike(port.protocol)).map((port) => ({ service, port })),
  );
  for (const proxy of observed.proxies.filter((p) => p.role === "sidecar")) {
    figures.callers += 1;
    for (const called of ports) {
      const host = hostOf(proxy, called);
      if (host === undefined) continue;
      const compared = compareRoutes(
        { ...called, ...routedHost(called, expected), proxy, host },
        observed,
        expected,
      );
      figures["virtual hosts"] += 1;
      figures["requests judged"] += compared.requests;
      compared.findings.forEach((finding) => findings.set(`${finding.where} ${finding.message}`, finding));
    }
  }
  for (const called of ports) {
    const known = observed.proxies.some(
      (proxy) => proxy.role === "sidecar" && hostOf(proxy, called) !== undefined,
    );
    const where = `${called.service.key}:${called.port.port}`;
    if (!known && figures.callers > 0)
      findings.set(where, { where, message: "no sidecar has routes for it" });
  }
  return { figures, findings: [...findings.values()] };
}

interface Called {
  readonly service: Service;
  readonly port: ServicePort;
}

/** Istio names a sidecar's route configuration by its port and a virtual host by the Service's full name. */
function hostOf(proxy: ProxyConfig, { service, port }: Called): VirtualHost | undefined {
  const start = `${service.name}.${service.namespace}.svc.`;
  const found = virtualHosts(proxy).filter(
    ({ host }) => host.name?.startsWith(start) && host.name.endsWith(`:${port.port}`),
  );
  return found[0]?.host;
}

function routedHost({ service, port }: Called, expected: Expected) {
  return {
    what: `${service.key}:${port.port}`,
    routes: expected.intent.routes.filter(isHttpRoute).filter((route) => isFor(route, service, port)),
    unrouted: new Map([[backendName(service.key, port.port), 1]]),
    base: {
      ...{ method: "GET", path: "/", headers: {}, query: {}, port: port.port },
      host: `${service.name}.${service.namespace}`,
    },
  };
}

function isFor(route: HttpRoute, service: Service, port: ServicePort): boolean {
  if (route.for.kind !== "service" || route.for.service !== service.key) return false;
  return route.for.port === undefined || route.for.port === port.port;
}
