import { present } from "../../../lib";
import type { Match, NamedMatch, Retry, RetryOn, Route, RouteRule, ValueMatch } from "../../intent/types";
import { fromCharPrefixes, type CharEntry, type CharPath } from "../char-prefix";
import type { DraftService } from "../draft";
import type { Field } from "../field";
import { fromFirstMatch, type Action } from "../first-match";
import type { Item } from "../manifests";
import { asGrpc, splitCookies, startsWith } from "../matches";
import { quoteRegex } from "../values";
import { durationMs, type AppMesh } from "./model";
import { backendsOf, ROUTE_KINDS, type RouteKind } from "./targets";

/** One route of a router, as part of a list in which the first match is taken. */
export interface RouterEntry extends CharEntry {
  readonly kind: RouteKind;
  readonly port: number | undefined;
  /** It matches everything on its port and does nothing but lead to the whole service. */
  readonly plain: boolean;
}

/** The routes of a service: those of its router, for each of its ports. */
export function routerRoutes(router: Item, service: DraftService, mesh: AppMesh): Route[] {
  const entries = routerEntries(router, mesh);
  const at = router.spec.at;
  return service.ports.flatMap(({ port, protocol }): Route[] => {
    const own = entries.filter((entry) => entry.port === undefined || entry.port === port);
    const [only, second] = own;
    // A route to the service as it is says no more than that there is none.
    const nothing = only?.plain === true && second === undefined && leadsTo(only.action, service);
    if (own.length === 0 || nothing) return [];
    const target = { kind: "service" as const, service: service.key, port };
    if (protocol === "tcp" || protocol === "tls") {
      const rules = own.slice(0, 1).map(({ action }) => ({ backends: action.backends, at: action.at }));
      return [{ kind: "tcp", for: target, rules, at }];
    }
    const rules = fromFirstMatch(fromCharPrefixes(own, protocol === "grpc"), mesh.draft.losses);
    const calls = protocol === "grpc" ? asGrpc(rules) : undefined;
    return [
      calls === undefined
        ? { kind: "http", for: target, rules, at }
        : { kind: "grpc", for: target, rules: calls, at },
    ];
  });
}

function leadsTo({ backends, timeoutMs, retry }: Action, { key }: DraftService): boolean {
  const [only, second] = backends;
  if (only === undefined || second !== undefined || timeoutMs !== undefined || retry !== undefined)
    return false;
  return only.service === key && only.version === undefined;
}

/** All routes of a router in the order of their priority; those without one come last. */
export function routerEntries(router: Item, mesh: AppMesh): RouterEntry[] {
  const routes = router.spec.get("routes").items();
  const ranked = routes.map((route) => ({ route, priority: route.get("priority").number() ?? 1001 }));
  return ranked
    .sort((a, b) => a.priority - b.priority)
    .flatMap(({ route }) => {
      route.get("name").text();
      return ROUTE_KINDS.flatMap((kind) =>
        route.get(kind).there ? entryOf(route.get(kind), kind, { router, mesh }) : [],
      );
    });
}

function entryOf(
  route: Field,
  kind: RouteKind,
  { router, mesh }: { router: Item; mesh: AppMesh },
): RouterEntry[] {
  const match = matchOf(route.get("match"), kind);
  const backends = backendsOf(route.get("action", "weightedTargets"), router.namespace, mesh);
  const treated = kind === "tcpRoute" ? {} : treatmentOf(route, kind);
  if (match === undefined || backends.length === 0) {
    route.lose({ message: "a route without a match or a backend that an intent can say is left out" });
    return [];
  }
  const { headers, query, cookies, method } = match.match;
  const everything = match.path.kind === "prefix" && match.path.value === "/" && method === undefined;
  const plain = everything && headers.length + query.length + cookies.length === 0;
  return [
    {
      kind,
      port: match.port,
      plain,
      path: match.path,
      match: match.match,
      where: "",
      action: { backends, mirrors: [], ...treated, at: route.at },
    },
  ];
}

interface ReadMatch {
  readonly path: CharPath;
  readonly match: Omit<Match, "path">;
  readonly port: number | undefined;
}

/** Undefined where the match has a condition that an intent cannot say. */
export function matchOf(field: Field, kind: RouteKind): ReadMatch | undefined {
  const port = field.get("port").number();
  const headers = named(field.get(kind === "grpcRoute" ? "metadata" : "headers"), (name) =>
    name.toLowerCase(),
  );
  const query = named(field.get("queryParameters"), (name) => name);
  const path = kind === "grpcRoute" ? callPath(field) : pathOf(field);
  const method = field.get("method").text();
  field.get("scheme").acceptIf("http");
  const [unread] = field.unread();
  if (unread !== undefined || headers === undefined || query === undefined || path === undefined) {
    field.lose({ message: "this match has a condition that an intent cannot say" });
    return undefined;
  }
  return { path, match: { ...splitCookies(headers), query, ...present({ method }), at: field.at }, port };
}

function pathOf(field: Field): CharPath | undefined {
  const exact = field.get("path", "exact").text();
  if (exact !== undefined) return { kind: "exact", value: exact, field: field.get("path") };
  const regex = field.get("path", "regex").text();
  if (regex !== undefined) return { kind: "regex", value: regex, field: field.get("path") };
  const prefix = field.get("prefix");
  return { kind: "prefix", value: prefix.text() ?? "/", field: prefix };
}

/** A gRPC service and method as the path of the call. */
function callPath(field: Field): CharPath {
  const service = field.get("serviceName").text();
  const method = field.get("methodName").text();
  if (service === undefined) return { kind: "prefix", value: "/", field };
  return method === undefined
    ? { kind: "prefix", value: `/${service}/`, field: field.get("serviceName") }
    : { kind: "exact", value: `/${service}/${method}`, field: field.get("serviceName") };
}

function named(field: Field, spell: (name: string) => string): NamedMatch[] | undefined {
  const all = field.items().map((item): NamedMatch | undefined => {
    const name = item.get("name").text();
    item.get("invert").acceptIf(false);
    const match = valueOf(item.get("match"));
    return name === undefined || match === undefined ? undefined : { name: spell(name), match };
  });
  const known = all.flatMap((one) => one ?? []);
  return known.length === all.length ? known : undefined;
}

function valueOf(field: Field): ValueMatch | undefined {
  if (!field.there) return { kind: "regex", value: ".*" };
  const exact = field.get("exact").text();
  if (exact !== undefined) return { kind: "exact", value: exact };
  const regex = field.get("regex").text();
  if (regex !== undefined) return { kind: "regex", value: regex };
  const prefix = field.get("prefix").text();
  if (prefix !== undefined) return startsWith(prefix);
  const suffix = field.get("suffix").text();
  return suffix === undefined ? undefined : { kind: "regex", value: `.*${quoteRegex(suffix)}` };
}

/** What App Mesh ends a request after where a route says nothing. */
const DEFAULT_TIMEOUT_MS = 15_000;

function treatmentOf(route: Field, kind: RouteKind): Pick<RouteRule, "timeoutMs" | "retry"> {
  const timeout = route.get("timeout", "perRequest");
  const ms = timeout.there ? durationMs(timeout) : DEFAULT_TIMEOUT_MS;
  const timeoutMs = ms === 0 ? undefined : ms;
  return present({ timeoutMs, retry: retryOf(route.get("retryPolicy"), { kind, timeoutMs, route }) });
}

const HTTP_EVENTS: Readonly<Record<string, RetryOn>> = {
  "server-error": "5xx",
  "gateway-error": "gateway-error",
  "stream-error": "refused-stream",
  "client-error": "retriable-4xx",
};

interface Retried {
  readonly kind: RouteKind;
  readonly timeoutMs: number | undefined;
  readonly route: Field;
}

function retryOf(policy: Field, { timeoutMs, route }: Retried): Retry | undefined {
  if (!policy.there) {
    route.change("App Mesh tries requests again where a route says nothing of it; an intent does not");
    return undefined;
  }
  const retries = policy.get("maxRetries").number() ?? 0;
  const perTry = durationMs(policy.get("perRetryTimeout"));
  const events = policy.get("httpRetryEvents").texts();
  const tcp = policy.get("tcpRetryEvents").texts();
  policy
    .get("grpcRetryEvents")
    .lose({ message: "an intent has no words for statuses of gRPC to try again on" });
  const on = [
    ...events.flatMap((event): RetryOn[] =>
      Object.hasOwn(HTTP_EVENTS, event) ? [HTTP_EVENTS[event] ?? "5xx"] : [],
    ),
    ...(tcp.includes("connection-error") ? ["connect-failure" as const] : []),
  ];
  if (retries < 1 || on.length === 0) return undefined;
  const own = perTry === undefined || perTry === 0 || perTry === timeoutMs ? undefined : perTry;
  return { retries: Math.min(100, Math.floor(retries)), on, ...present({ perTryTimeoutMs: own }) };
}
