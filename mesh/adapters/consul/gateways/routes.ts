import { byText, shortHash, sortedBy, type JsonObject } from "../../../../lib";
import { bySpecificity, specificity } from "../../../intent/specificity";
import type { Gateway, HttpRoute, TcpRoute } from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import { consulName, entry, gatewayName } from "../names";
import type { Site } from "../site";
import { nameable, targetOf, type Target } from "../traffic/splits";
import { FilterObjects } from "./filters";
import { gatewayMatch, gatewayPaths, type GatewayPath } from "./matches";

const API = "gateway.networking.k8s.io";
/** The most rules that the Gateway API takes in one route. */
const RULES = 16;

/** A rule with one of its matches and one of that match's paths, the most specific first. */
export interface GatewayEntry {
  readonly rule: HttpRoute["rules"][number];
  readonly match: HttpRoute["rules"][number]["matches"][number];
  readonly path: GatewayPath;
}

/** What a gateway does for one host. */
export interface HostRoutes {
  readonly gateway: Gateway;
  readonly host: string;
  readonly entries: readonly GatewayEntry[];
}

/** The routes of requests by gateway and host, since rules of several routes for one host have one order. */
export function hostRoutes({ intent }: Site): HostRoutes[] {
  return intent.gateways.flatMap((gateway) => {
    const own = intent.routes.filter(
      (route): route is HttpRoute =>
        route.kind === "http" && route.for.kind === "gateway" && route.for.gateway === gateway.name,
    );
    const hostsOf = ({ for: target }: HttpRoute): readonly string[] =>
      target.kind === "gateway" ? (target.hosts.length === 0 ? ["*"] : target.hosts) : [];
    const hosts = [...new Set(own.flatMap(hostsOf))].sort(byText);
    return hosts.map((host) => ({
      gateway,
      host,
      entries: entriesOf(own.filter((route) => hostsOf(route).includes(host))),
    }));
  });
}

function entriesOf(routes: readonly HttpRoute[]): GatewayEntry[] {
  return routes
    .flatMap((route) => route.rules.flatMap((rule) => rule.matches.map((match) => ({ rule, match }))))
    .map((each) => ({ ...each, rank: specificity(each.match) }))
    .sort((a, b) => bySpecificity(a.rank, b.rank))
    .flatMap(({ rule, match }) =>
      gatewayPaths(match.path, rule.rewrite?.path?.value).map((path) => ({ rule, match, path })),
    );
}

/** The rule's target under one name, as a route of a gateway needs it. */
function namedTarget({ name }: Gateway, { rule }: GatewayEntry, site: Site): Target {
  return nameable(gatewayName(name), targetOf(gatewayName(name), rule.backends, site));
}

/** The targets that the gateways' rules need. */
export function gatewayTargets(site: Site): { target: Target; namespace: string; protocol: string }[] {
  return hostRoutes(site).flatMap(({ gateway, entries }) =>
    entries.map((each) => ({
      target: namedTarget(gateway, each, site),
      namespace: site.options.gatewayNamespace,
      protocol: "http",
    })),
  );
}

/** Routes of gateways, with what they refer to and the leave to do so. */
export function gatewayRoutes(site: Site): KubeObject[] {
  const { intent, options } = site;
  if (intent.gateways.length === 0) return [];
  const filters = new FilterObjects(options.gatewayNamespace);
  const routes = hostRoutes(site).flatMap((each) => httpRoutes(each, { site, filters }));
  const connections = intent.routes.flatMap((route) => (route.kind === "tcp" ? tcpRoute(route, site) : []));
  return [...meshServices(site), ...filters.objects(), ...routes, ...connections, ...grants(site)];
}

function httpRoutes(
  { gateway, host, entries }: HostRoutes,
  { site, filters }: { site: Site; filters: FilterObjects },
): KubeObject[] {
  const rules = entries.map((each): JsonObject => ({
    matches: [gatewayMatch(each.path, each.match)],
    filters: filters.ofRule(each.rule, each.path.rewrite),
    backendRefs: [backendRef(namedTarget(gateway, each, site), each, site)],
  }));
  const name = `${gatewayName(gateway.name)}-${host === "*" ? "any" : shortHash(host)}`;
  const parts = Math.ceil(rules.length / RULES);
  return Array.from({ length: parts }, (_, i) =>
    kubeObject({
      apiVersion: `${API}/v1`,
      kind: "HTTPRoute",
      name: parts === 1 ? name : `${name}-${i}`,
      namespace: site.options.gatewayNamespace,
      spec: {
        parentRefs: [parentRef(gateway.name)],
        ...(host === "*" ? {} : { hostnames: [host] }),
        rules: rules.slice(i * RULES, (i + 1) * RULES),
      },
    }),
  );
}

function parentRef(gateway: string): JsonObject {
  return { group: API, kind: "Gateway", name: gatewayName(gateway) };
}

function backendRef(target: Target, { rule }: GatewayEntry, { lookup }: Site): JsonObject {
  if (target.kind === "split")
    return { group: "consul.hashicorp.com", kind: "MeshService", name: target.name };
  const backend = rule.backends.find((b) => b.weight > 0);
  const service = backend === undefined ? undefined : lookup.service(backend.service);
  return {
    group: "",
    kind: "Service",
    name: target.service,
    namespace: service?.namespace ?? "",
    port: service?.ports[0]?.port ?? 0,
  };
}

/** Names by which routes refer to services that Kubernetes does not know. */
function meshServices(site: Site): KubeObject[] {
  const names = gatewayTargets(site).flatMap(({ target }) => (target.kind === "split" ? [target.name] : []));
  return [...new Set(names)]
    .sort(byText)
    .map((name) => entry("MeshService", { name, namespace: site.options.gatewayNamespace, spec: { name } }));
}

function tcpRoute(route: TcpRoute, { lookup, options }: Site): KubeObject[] {
  if (route.for.kind !== "gateway") return [];
  const backend = route.rules.flatMap((r) => r.backends).find((b) => b.weight > 0);
  const service = backend === undefined ? undefined : lookup.service(backend.service);
  if (service === undefined) return [];
  const { namespace, ports } = service;
  const ref = { group: "", kind: "Service", name: consulName(service), namespace, port: ports[0]?.port ?? 0 };
  return [
    kubeObject({
      apiVersion: `${API}/v1alpha2`,
      kind: "TCPRoute",
      name: `${gatewayName(route.for.gateway)}-${service.name}`,
      namespace: options.gatewayNamespace,
      spec: { parentRefs: [parentRef(route.for.gateway)], rules: [{ backendRefs: [ref] }] },
    }),
  ];
}

/** Leave for the gateways' routes to refer to services of other namespaces. */
function grants({ intent, lookup, options }: Site): KubeObject[] {
  const backends = intent.routes
    .filter((route) => route.for.kind === "gateway")
    .flatMap((route) => route.rules.flatMap((rule) => rule.backends));
  const namespaces = new Set(backends.flatMap((b) => lookup.service(b.service)?.namespace ?? []));
  namespaces.delete(options.gatewayNamespace);
  return sortedBy([...namespaces], (n) => n).map((namespace) =>
    kubeObject({
      apiVersion: `${API}/v1beta1`,
      kind: "ReferenceGrant",
      name: "consul-gateways",
      namespace,
      spec: {
        from: ["HTTPRoute", "TCPRoute"].map((kind) => ({
          group: API,
          kind,
          namespace: options.gatewayNamespace,
        })),
        to: [{ group: "", kind: "Service" }],
      },
    }),
  );
}
