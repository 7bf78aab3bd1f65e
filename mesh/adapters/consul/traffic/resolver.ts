import type { JsonObject } from "../../../../lib";
import type { LoadBalancing, Service, TcpRoute } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { consulName, entry } from "../names";
import type { Site } from "../site";
import { metaKey } from "../workloads";

/**
 * Which instances a service has, by version, and how one is chosen; nothing where Consul's defaults do. `tcp` is the
 * route of its connections, if there is one.
 */
export function resolver(service: Service, tcp: TcpRoute | undefined, site: Site): KubeObject[] {
  const { versions, traffic } = service;
  const failover = traffic.locality?.failover ?? [];
  const spec: JsonObject = {
    ...(versions.length === 0
      ? {}
      : { subsets: Object.fromEntries(versions.map((v) => [v.name, { filter: filterOf(v.labels) }])) }),
    ...(traffic.loadBalancing === undefined ? {} : { loadBalancer: balancer(traffic.loadBalancing) }),
    ...(failover.length === 0
      ? {}
      : { failover: { "*": { targets: failover.map(({ to }) => ({ datacenter: to })) } } }),
    ...(tcp === undefined ? {} : connections(service, tcp, site)),
  };
  if (Object.keys(spec).length === 0) return [];
  return [entry("ServiceResolver", { name: consulName(service), namespace: service.namespace, spec })];
}

/** A filter over what instances say of themselves, which for pods comes from their annotations. */
function filterOf(labels: { readonly [key: string]: string }): string {
  return Object.entries(labels)
    .map(([key, value]) => `${selector(metaKey(key))} == ${JSON.stringify(value)}`)
    .join(" and ");
}

function selector(key: string): string {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(key) ? `Service.Meta.${key}` : `Service.Meta[${JSON.stringify(key)}]`;
}

function balancer(loadBalancing: LoadBalancing): JsonObject {
  switch (loadBalancing.kind) {
    case "roundRobin":
      return { policy: "round_robin" };
    case "random":
      return { policy: "random" };
    case "leastRequest":
      return { policy: "least_request" };
    case "consistentHash":
      return { policy: "ring_hash", hashPolicies: [hashPolicy(loadBalancing.by)] };
  }
}

function hashPolicy(by: (LoadBalancing & { kind: "consistentHash" })["by"]): JsonObject {
  switch (by.kind) {
    case "sourceIp":
      return { sourceIP: true };
    case "header":
      return { field: "header", fieldValue: by.name };
    case "cookie":
      // A caller without the cookie is given one.
      return { field: "cookie", fieldValue: by.name, cookieConfig: { session: true } };
  }
}

/** Connections are not routed one by one: the service as a whole is another, or one version of itself. */
function connections(service: Service, route: TcpRoute, { lookup }: Site): JsonObject {
  const backend = route.rules.flatMap((r) => r.backends).find((b) => b.weight > 0);
  if (backend === undefined) return {};
  const version = backend.version;
  if (backend.service === service.key) return version === undefined ? {} : { defaultSubset: version };
  const other = lookup.service(backend.service);
  return {
    redirect: {
      service: other === undefined ? backend.service : consulName(other),
      ...(version === undefined ? {} : { serviceSubset: version }),
    },
  };
}
