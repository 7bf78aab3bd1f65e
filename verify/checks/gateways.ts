import { isHttpRoute, type Gateway, type HttpRoute } from "../../mesh/intent/types";
import { chainsOf, downstreamTls } from "../envoy/chains";
import { virtualHosts } from "../envoy/routing";
import type { Expected, Finding, GatewayPlace, Observed, Outcome } from "../types";
import type { ProxyConfig } from "../xds/types";
import { compareRoutes } from "./compare-routes";

/** Each gateway listens where the intent says and nowhere else, and routes each of its hosts as the intent says. */
export function gateways(observed: Observed, expected: Expected): Outcome {
  const figures = { gateways: expected.intent.gateways.length, hosts: 0, "requests judged": 0 };
  const findings = expected.intent.gateways.flatMap((gateway): Finding[] => {
    const place = expected.gateways.find((candidate) => candidate.name === gateway.name);
    const proxies = observed.proxies.filter((proxy) => proxy.role === "router" && runsAt(proxy, place));
    if (proxies.length === 0) return [{ where: `gateway ${gateway.name}`, message: "it has no proxy" }];
    return proxies.flatMap((proxy) => {
      const routed = hosts(gateway, proxy, { observed, expected });
      figures.hosts += routed.length;
      figures["requests judged"] += routed.reduce((sum, compared) => sum + compared.requests, 0);
      return [...listening(gateway, proxy), ...routed.flatMap((compared) => compared.findings)];
    });
  });
  return { figures, findings };
}

function runsAt(proxy: ProxyConfig, place: GatewayPlace | undefined): boolean {
  return proxy.namespace === place?.namespace && proxy.serviceAccount === place.serviceAccount;
}

function listening(gateway: Gateway, proxy: ProxyConfig): Finding[] {
  const where = `gateway ${gateway.name}`;
  const surplus = proxy.listeners.length - new Set(gateway.listeners.map((l) => l.port)).size;
  const names = proxy.listeners.map((listener) => listener.name).join(", ");
  const count: Finding[] =
    surplus === 0
      ? []
      : [
          {
            where,
            message: `it listens as ${names || "nothing"}, the intent has ${gateway.listeners.length} listeners`,
          },
        ];
  const secured = gateway.listeners.some((listener) => listener.protocol === "https");
  const chains = proxy.listeners.flatMap(chainsOf);
  const encrypted = chains.some((chain) => downstreamTls(chain) !== undefined);
  if (secured && !encrypted)
    return [
      ...count,
      { where, message: "none of its listeners speaks TLS, though the intent has one for https" },
    ];
  return count;
}

interface Seen {
  readonly observed: Observed;
  readonly expected: Expected;
}

function hosts(gateway: Gateway, proxy: ProxyConfig, { observed, expected }: Seen) {
  const mine = expected.intent.routes
    .filter(isHttpRoute)
    .filter((route) => route.for.kind === "gateway" && route.for.gateway === gateway.name);
  const names = [...new Set(mine.flatMap(hostsOf))];
  return names.map((name) => {
    const what = `gateway ${gateway.name} for ${name}`;
    const host = virtualHosts(proxy).find(({ host: candidate }) => candidate.domains?.includes(name))?.host;
    if (host === undefined)
      return { requests: 0, findings: [{ where: what, message: "the proxy has no routes for it" }] };
    const routes = mine.filter((route) => hostsOf(route).includes(name));
    const base = {
      method: "GET",
      path: "/",
      headers: {},
      query: {},
      host: name,
      port: gateway.listeners[0]?.port ?? 80,
    };
    return compareRoutes({ what, proxy, host, routes, base }, observed, expected);
  });
}

function hostsOf(route: HttpRoute): readonly string[] {
  return route.for.kind === "gateway" ? route.for.hosts : [];
}
