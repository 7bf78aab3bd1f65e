import { errorAt, type Diagnostic } from "../../../../lib";
import type { Backend } from "../../../intent/types";
import { hostRoutes, type GatewayEntry } from "../gateways/routes";
import type { Site } from "../site";
import { protocolOf } from "../protocol";
import { placesOf } from "../traffic/splits";
import { treatmentOf } from "../upstreams";

/** What routes of gateways ask that Consul's gateways, which read the Gateway API in their own way, cannot do. */
export function gatewayRouteFaults(site: Site): Diagnostic[] {
  const hosts = hostRoutes(site);
  const entries = new Set(hosts.flatMap((h) => h.entries));
  const rules = new Map([...entries].map((e) => [e.rule, e]));
  return [
    ...[...rules.values()].flatMap((e) => [...rewriteFaults(e), ...backendFaults(e.rule.backends, site)]),
    ...hosts.flatMap((h) => orderFaults(h.entries)),
    ...connectionFaults(site),
  ];
}

function rewriteFaults({ rule }: GatewayEntry): Diagnostic[] {
  const change = rule.rewrite?.path;
  if (change === undefined) return [];
  const whole = rule.matches.every(({ path }) => path.kind === "prefix" && path.value === "/");
  if (whole && change.kind === "prefix") return [];
  const message =
    "Consul's gateways rewrite the prefix / and no other: they would take /foobar for what lies in /foo";
  const hint = "rewrite in a route of the service that is behind the gateway";
  return [errorAt([...rule.at, "rewrite"], { code: "unsupported-gateway-rewrite", message, hint })];
}

function backendFaults(backends: readonly Backend[], { lookup }: Site): Diagnostic[] {
  return backends.flatMap((backend) => {
    const service = lookup.service(backend.service);
    if (service === undefined) return [];
    const faults: Diagnostic[] = [];
    if (protocolOf(service) !== "http") {
      const message = `${service.key} speaks ${protocolOf(service)}, and Consul's gateways take services of protocol http only`;
      faults.push(errorAt(backend.at, { code: "unsupported-gateway-backend", message }));
    }
    if (treatmentOf(service) !== undefined) {
      const message = `Consul's gateways do not keep to what traffic says of ${service.key}: outlierDetection and connectionLimits`;
      const hint = "leave them out, or let gateways reach it through another service";
      faults.push(errorAt(backend.at, { code: "unsupported-gateway-treatment", message, hint }));
    }
    return faults;
  });
}

/** Consul's gateways try longer paths first, whatever their kind, then more headers, then more of the query. */
function orderFaults(entries: readonly GatewayEntry[]): Diagnostic[] {
  const weights = entries.map((e) => [
    e.path.value.length,
    e.match.headers.length + Math.min(1, e.match.cookies.length),
    e.match.query.length,
  ]);
  return entries.flatMap((later, j) => {
    const overtaken = entries.slice(0, j).some((earlier, i) => {
      const [a = [], b = []] = [weights[i], weights[j]];
      const first = a.findIndex((part, k) => part !== b[k]);
      return (
        first !== -1 &&
        (b[first] ?? 0) > (a[first] ?? 0) &&
        earlier.rule !== later.rule &&
        mayMeet(earlier, later)
      );
    });
    if (!overtaken) return [];
    const message =
      "Consul's gateways would try this match before a more specific one, since its path is longer or it asks for more headers";
    const hint = "tell the requests apart by their paths";
    return [errorAt(later.match.at, { code: "unsupported-gateway-order", message, hint })];
  });
}

/** Whether some request may fit both; only paths and methods are looked at. */
function mayMeet({ path: a, match: m }: GatewayEntry, { path: b, match: n }: GatewayEntry): boolean {
  if (m.method !== undefined && n.method !== undefined && m.method !== n.method) return false;
  if (a.type === "RegularExpression" || b.type === "RegularExpression") return true;
  if (a.type === "Exact" && b.type === "Exact") return a.value === b.value;
  if (a.type === "Exact") return a.value.startsWith(b.value);
  return b.type === "Exact"
    ? b.value.startsWith(a.value)
    : a.value.startsWith(b.value) || b.value.startsWith(a.value);
}

function connectionFaults(site: Site): Diagnostic[] {
  return site.intent.routes.flatMap((route) => {
    if (route.kind !== "tcp" || route.for.kind !== "gateway") return [];
    const backends = route.rules.flatMap((r) => r.backends).filter((b) => b.weight > 0);
    if (placesOf(backends, site).length <= 1 && backends.every((b) => b.version === undefined)) return [];
    const message = "Consul's gateways lead connections to one service, of whichever version";
    return [
      errorAt(route.at, { code: "unsupported-split", message, hint: "leave one backend, without a version" }),
    ];
  });
}
