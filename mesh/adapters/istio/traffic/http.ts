import {
  errorAt,
  formatDuration,
  present,
  type Diagnostic,
  type Json,
  type JsonObject,
} from "../../../../lib";
import type { Lookup } from "../../../intent/lookup";
import { bySpecificity, specificity } from "../../../intent/specificity";
import type {
  Backend,
  HttpRoute,
  Match,
  NamedMatch,
  NormalizedIntent,
  PathMatch,
  Retry,
  RouteRule,
} from "../../../intent/types";
import { hostOf } from "../names";

interface Surroundings {
  readonly lookup: Lookup;
  /** The port that a route's matches must name, if any. */
  readonly portOf: (route: HttpRoute) => number | undefined;
}

/**
 * The rules of some routes as one list for Istio, which takes the first that matches: one entry for each match, the
 * most specific first. The sort is stable, so that equally specific ones keep the order in which they were written.
 */
export function httpEntries(routes: readonly HttpRoute[], { lookup, portOf }: Surroundings): JsonObject[] {
  return routes
    .flatMap((route) =>
      route.rules.flatMap((rule) =>
        rule.matches.map((match) => ({ rule, match, rank: specificity(match), port: portOf(route) })),
      ),
    )
    .sort((a, b) => bySpecificity(a.rank, b.rank))
    .map(({ rule, match, port }) => entryOf(rule, { match, port, lookup }));
}

function entryOf(
  rule: RouteRule,
  { match, port, lookup }: { match: Match; port: number | undefined; lookup: Lookup },
): JsonObject {
  return {
    ...present({ name: rule.name }),
    match: matchesOf(match, port),
    route: rule.backends.map((backend) =>
      destination(backend, { lookup, alone: rule.backends.length === 1 }),
    ),
    ...(rule.timeoutMs === undefined ? {} : { timeout: formatDuration(rule.timeoutMs) }),
    // Istio retries twice by default; an intent that asks for none gets none.
    retries: rule.retry === undefined ? { attempts: 0 } : retries(rule.retry),
  };
}

function matchesOf({ path, method, headers, query }: Match, port: number | undefined): JsonObject[] {
  const others = {
    ...(method === undefined ? {} : { method: { exact: method } }),
    ...(headers.length === 0 ? {} : { headers: named(headers) }),
    ...(query.length === 0 ? {} : { queryParams: named(query) }),
    ...present({ port }),
  };
  return urisOf(path).map((uri) => ({ uri, ...others }));
}

/** Istio's prefix is one of characters, ours one of path elements: `/foo` itself, and what lies below it. */
function urisOf({ kind, value }: PathMatch): JsonObject[] {
  if (kind !== "prefix" || value === "/") return [{ [kind]: value }];
  return [{ exact: value }, { prefix: `${value}/` }];
}

function named(matches: readonly NamedMatch[]): JsonObject {
  return Object.fromEntries(matches.map(({ name, match }) => [name, { [match.kind]: match.value }]));
}

function destination(backend: Backend, { lookup, alone }: { lookup: Lookup; alone: boolean }): Json {
  const service = lookup.service(backend.service);
  return {
    destination: {
      host: service === undefined ? backend.service : hostOf(service),
      ...present({ subset: backend.version }),
      ...(backend.port === undefined ? {} : { port: { number: backend.port } }),
    },
    ...(alone ? {} : { weight: backend.weight }),
  };
}

function retries({ retries: attempts, perTryTimeoutMs, on }: Retry): JsonObject {
  return {
    attempts,
    ...(perTryTimeoutMs === undefined ? {} : { perTryTimeout: formatDuration(perTryTimeoutMs) }),
    retryOn: on.join(","),
  };
}

/** Names that Istio reads as parts of the request line when they stand where a header does. */
const NOT_HEADERS = ["uri", "scheme", "method", "authority"];

/** What the intent asks of requests that Istio's routes cannot tell. */
export function httpFaults(intent: NormalizedIntent): Diagnostic[] {
  return intent.routes
    .flatMap((route) => (route.kind === "http" ? route.rules.flatMap((rule) => rule.matches) : []))
    .flatMap(({ headers, at }) =>
      headers
        .filter((h) => NOT_HEADERS.includes(h.name))
        .map((h) =>
          errorAt([...at, "headers", h.name], {
            code: "unsupported-header",
            message: `Istio's routes cannot match a header called ${JSON.stringify(h.name)}: they ignore it`,
            hint: "match on another header, or on the path or method",
          }),
        ),
    );
}
