import { groupBy, shortHash, type JsonObject } from "../../../lib";
import { contentText } from "../../intent/order";
import { bySpecificity, grpcSpecificity, specificity, type Specificity } from "../../intent/specificity";
import type { Backend, RequestRule, Retry, RetryOn, Route, Service, ServicePort } from "../../intent/types";
import { grpcMatch, httpMatches } from "./matches";
import type { RouterModel, Spelling } from "./model";
import { nodePlace } from "./names";
import { duration, listenerProtocol, routeKey, type ListenerProtocol } from "./protocols";
import type { Site } from "./site";
import { inLowestTerms } from "./weights";

interface Input {
  readonly site: Site;
  readonly spelling: Spelling;
}

type NamedRoute = RouterModel["routes"][number];

/** A service's router: its routes, the most specific first; ports without any lead to the service itself. */
export function serviceRouter(service: Service, input: Input): RouterModel {
  const own = input.site.lookup.routesFor(service.key);
  return {
    ...nodePlace(service),
    listeners: service.ports.map(({ port, protocol }) => ({
      portMapping: { port, protocol: listenerProtocol(protocol) },
    })),
    routes: service.ports.flatMap((port) => portRoutes(service, { ...input, port, routes: own })),
  };
}

function portRoutes(
  service: Service,
  { port, routes, site, spelling }: Input & { port: ServicePort; routes: readonly Route[] },
): NamedRoute[] {
  const own = routes.filter((r) => r.for.kind === "service" && (r.for.port ?? port.port) === port.port);
  const protocol = listenerProtocol(port.protocol);
  if (own.length === 0) {
    const target = { ...spelling.node(nodePlace(service)), port: port.targetPort, weight: 1 };
    return [plainRoute(`port-${port.port}`, { protocol, port: port.port, targets: [target] })];
  }
  return eachOnce(own.flatMap((route) => entriesOf(route, spelling)).sort(byRank)).map(({ rule, match }) => {
    const targets = targetsOf(rule.backends, { site, spelling });
    const matched = { port: port.port, ...match };
    const name = [`port-${port.port}`, shortHash(contentText(matched))].join("-");
    return { name, spec: { [routeKey(protocol)]: routeBody(rule, { protocol, match: matched, targets }) } };
  });
}

interface Entry {
  readonly rule: RequestRule | { readonly backends: readonly Backend[] };
  readonly match: JsonObject;
  readonly rank: Specificity;
}

/** A route's rules, once for each of their matches. */
function entriesOf(route: Route, spelling: Spelling): Entry[] {
  switch (route.kind) {
    case "http":
      return route.rules.flatMap((rule) =>
        rule.matches.flatMap((m) => httpMatches(m).map((match) => ({ rule, match, rank: specificity(m) }))),
      );
    case "grpc":
      return route.rules.flatMap((rule) =>
        rule.matches.map((m) => ({ rule, match: grpcMatch(m, spelling.metadata), rank: grpcSpecificity(m) })),
      );
    case "tcp":
      return route.rules.map((rule) => ({ rule, match: {}, rank: [] }));
    case "tls":
      return [];
  }
}

function byRank(a: { readonly rank: Specificity }, b: { readonly rank: Specificity }): number {
  return bySpecificity(a.rank, b.rank);
}

/** Without matches that an equal one before them leaves nothing to. */
function eachOnce(entries: readonly Entry[]): Entry[] {
  return [...groupBy(entries, (e) => contentText(e.match)).values()].flatMap((same) => same.slice(0, 1));
}

/** The nodes that a rule's backends are, each once, with what it gets of the requests. */
export function targetsOf(backends: readonly Backend[], { site, spelling }: Input): JsonObject[] {
  const targets = backends.flatMap((backend) => {
    const service = site.lookup.service(backend.service);
    const port = service?.ports.find((p) => p.port === backend.port) ?? service?.ports[0];
    if (service === undefined || port === undefined) return [];
    const node = spelling.node(nodePlace(service, backend.version));
    return [{ target: { ...node, port: port.targetPort }, weight: backend.weight }];
  });
  const once = [...groupBy(targets, ({ target }) => contentText(target)).values()].map((same) => ({
    target: same[0]?.target ?? {},
    weight: same.reduce((sum, { weight }) => sum + weight, 0),
  }));
  const weights = inLowestTerms(once.map(({ weight }) => weight));
  return once.map(({ target }, i) => ({ ...target, weight: weights[i] ?? 0 }));
}

/** A route that matches everything on a port. */
export function plainRoute(
  name: string,
  { protocol, port, targets }: { protocol: ListenerProtocol; port: number; targets: readonly JsonObject[] },
): NamedRoute {
  const match = catchAll(protocol, port);
  return { name, spec: { [routeKey(protocol)]: routeBody({}, { protocol, match, targets }) } };
}

/** A match of everything on a port. */
export function catchAll(protocol: ListenerProtocol, port: number): JsonObject {
  return { port, ...(protocol === "http" || protocol === "http2" ? { prefix: "/" } : {}) };
}

type Treatment = Pick<RequestRule, "timeoutMs" | "retry"> | object;

/** What is done with the requests of a match. App Mesh's own defaults, 15 seconds and two retries, never hold. */
export function routeBody(
  rule: Treatment,
  {
    protocol,
    match,
    targets,
  }: { protocol: ListenerProtocol; match: JsonObject; targets: readonly JsonObject[] },
): JsonObject {
  const { timeoutMs = 0, retry }: Pick<RequestRule, "timeoutMs" | "retry"> = rule;
  return {
    match,
    action: { weightedTargets: targets },
    ...(protocol === "tcp"
      ? {}
      : { timeout: { perRequest: duration(timeoutMs) }, retryPolicy: retryPolicy(retry, timeoutMs) }),
  };
}

const NO_RETRY: Retry = { retries: 0, on: ["connect-failure"] };

/** A time for each try must be said: where the intent says none it is that of the whole request, 0 for no end. */
function retryPolicy(retry: Retry = NO_RETRY, timeoutMs: number): JsonObject {
  const http = [...new Set(retry.on.flatMap((on) => httpEvent(on)))].sort();
  return {
    maxRetries: retry.retries,
    perRetryTimeout: duration(retry.perTryTimeoutMs ?? timeoutMs),
    ...(http.length === 0 ? {} : { httpRetryEvents: http }),
    ...(retry.on.includes("connect-failure") ? { tcpRetryEvents: ["connection-error"] } : {}),
  };
}

/** App Mesh's word for a reason to try again, among those of HTTP. */
export function httpEvent(on: RetryOn): string[] {
  switch (on) {
    case "5xx":
      return ["server-error"];
    case "gateway-error":
      return ["gateway-error"];
    case "refused-stream":
      return ["stream-error"];
    case "retriable-4xx":
      return ["client-error"];
    default:
      return [];
  }
}
