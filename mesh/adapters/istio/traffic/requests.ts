import { formatDuration, present, type JsonObject } from "../../../../lib";
import { entriesOf, type Entry } from "../../../gateway-api";
import type { Lookup } from "../../../intent/lookup";
import type { Route } from "../../../intent/types";
import { destinations, faultOf, headersOf, mirrorsOf, redirectOf, retriesOf, rewriteOf } from "./actions";
import { fieldsOf, urisOf, type Uri } from "./matches";

interface Surroundings {
  readonly lookup: Lookup;
  /** The port that a route's matches must name, if any. */
  readonly portOf: (route: Route) => number | undefined;
}

/**
 * The rules of some routes as one list for Istio, which takes the first that matches: one entry for each match, the
 * most specific first.
 */
export function httpEntries(routes: readonly Route[], { lookup, portOf }: Surroundings): JsonObject[] {
  const ports = new Map(
    routes.flatMap((route) => route.rules.map((rule): [object, number | undefined] => [rule, portOf(route)])),
  );
  return entriesOf(routes).flatMap((entry) =>
    apart(entry).map((uris) => httpEntry(entry, { uris, port: ports.get(entry.rule), lookup })),
  );
}

/** The ways to write an entry's path, apart where the path is changed: each way then needs a change of its own. */
function apart(entry: Entry): Uri[][] {
  const { rule } = entry;
  const uris = urisOf(entry);
  const changed =
    ("rewrite" in rule && rule.rewrite?.path !== undefined) ||
    ("redirect" in rule && rule.redirect?.path !== undefined);
  return changed ? uris.map((uri) => [uri]) : [uris];
}

function httpEntry(
  entry: Entry,
  { uris, port, lookup }: { uris: readonly Uri[]; port: number | undefined; lookup: Lookup },
): JsonObject {
  const { rule, grpc } = entry;
  const [uri] = uris;
  const redirect = "redirect" in rule ? rule.redirect : undefined;
  return {
    ...present({ name: rule.name }),
    match: uris.map((u) => ({ uri: u.uri, ...fieldsOf(entry, port) })),
    ...(rule.headers === undefined ? {} : { headers: headersOf(rule.headers) }),
    ...(redirect !== undefined && uri !== undefined
      ? { redirect: redirectOf(redirect, uri) }
      : routed(rule, { uri, kind: grpc === undefined ? "http" : "grpc", lookup })),
  };
}

/** What a rule says of requests that it sends on. */
function routed(
  rule: Entry["rule"],
  { uri, kind, lookup }: { uri: Uri | undefined; kind: "http" | "grpc"; lookup: Lookup },
): JsonObject {
  const { backends, timeoutMs, retry, fault, mirrors } = rule;
  const rewrite = "rewrite" in rule ? rule.rewrite : undefined;
  return {
    route: destinations(backends, lookup),
    ...(rewrite === undefined || uri === undefined ? {} : { rewrite: rewriteOf(rewrite, uri) }),
    ...(timeoutMs === undefined ? {} : { timeout: formatDuration(timeoutMs) }),
    // Istio retries twice by default; an intent that asks for none gets none.
    retries: retry === undefined ? { attempts: 0 } : retriesOf(retry, kind),
    ...(fault === undefined ? {} : { fault: faultOf(fault, kind) }),
    ...(mirrors.length === 0 ? {} : { mirrors: mirrorsOf(mirrors, lookup) }),
  };
}
