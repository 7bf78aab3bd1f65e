import { errorAt, type Diagnostic, type FieldPath } from "../../../../lib";
import { cookieFaults } from "../../../gateway-api/cookie-header";
import type { GrpcMatch, Match, Rewrite, RouteRule } from "../../../intent/types";
import type { Site } from "../site";
import { routesOfServices, type RequestRoute } from "../traffic/router";
import { methodFault } from "./methods";

/** What routes ask that Consul's routers cannot do, for services and gateways alike. */
export function routeFaults(site: Site): Diagnostic[] {
  const requests = site.intent.routes.flatMap((r): RequestRoute[] =>
    r.kind === "http" || r.kind === "grpc" ? [r] : [],
  );
  return [...unmatched(site), ...requests.flatMap(ofRoute)];
}

function ofRoute(route: RequestRoute): Diagnostic[] {
  const toService = route.for.kind === "service";
  if (route.kind === "grpc") {
    const rules = route.rules.flatMap((rule) => rule.matches.flatMap(headerFaults));
    if (toService) return rules;
    const message = "Consul's gateways take services of protocol http only, and so no gRPC calls";
    return [...rules, errorAt(route.at, { code: "unsupported-gateway-route", message })];
  }
  return route.rules.flatMap((rule) => [
    ...rule.matches.flatMap((match) => [...matchFaults(match), ...headerFaults(match)]),
    ...(toService ? serviceRewrite(rule) : []),
  ]);
}

function matchFaults(match: Match): Diagnostic[] {
  const { method, at, path } = match;
  const faults = method === undefined ? [] : methodFault(method, [...at, "method"]);
  if (path.kind !== "regex" && !path.value.startsWith("/")) {
    faults.push(unsupported([...at, "path"], `Consul takes no path that does not begin with a slash`));
  }
  return [...faults, ...cookieFaults(match)];
}

function headerFaults(match: Match | GrpcMatch): Diagnostic[] {
  const { headers, at } = match;
  const query = "query" in match ? match.query : [];
  return [
    ...headers.flatMap((h) => empty(h.match, [...at, "headers", h.name])),
    ...query.flatMap((q) => empty(q.match, [...at, "query", q.name])),
  ];
}

/** Consul takes an empty text for none given. */
function empty({ value }: { readonly value: string }, at: FieldPath): Diagnostic[] {
  return value === "" ? [unsupported(at, "Consul cannot ask for a value that is empty")] : [];
}

function serviceRewrite({ rewrite, matches, at }: RouteRule): Diagnostic[] {
  const change = rewrite?.path;
  if (change === undefined) return [];
  return matches.flatMap(({ path }) => rewriteFault(change, path.kind, [...at, "rewrite"]));
}

function rewriteFault(change: NonNullable<Rewrite["path"]>, path: string, at: FieldPath): Diagnostic[] {
  if (path === "exact" || (path === "prefix" && change.kind === "prefix")) return [];
  const matched = path === "regex" ? "by regular expression" : "by prefix";
  const message = `Consul cannot rewrite ${change.kind === "full" ? "the whole of " : ""}a path that is matched ${matched}`;
  return [unsupported(at, message, "match exact paths, or a prefix of which the prefix is rewritten")];
}

/** A request that no rule matches goes to the service itself, where it should be answered 404. */
function unmatched(site: Site): Diagnostic[] {
  return [...routesOfServices(site.intent)].flatMap(([service, routes]) => {
    const [first] = routes;
    if (first === undefined || routes.some(matchesAll)) return [];
    const message = `requests for ${service} that no rule matches would go to the service, and not be answered 404: a router of Consul's always ends there`;
    const hint = "end with a rule that matches everything: match: [{ path: { prefix: / } }]";
    return [errorAt(first.at, { code: "unsupported-unmatched", message, hint })];
  });
}

function matchesAll(route: RequestRoute): boolean {
  if (route.kind === "grpc") {
    return route.rules.some((rule) =>
      rule.matches.some((m) => m.service === undefined && m.method === undefined && m.headers.length === 0),
    );
  }
  return route.rules.some((rule) =>
    rule.matches.some(
      ({ path, method, headers, query, cookies }) =>
        path.kind === "prefix" &&
        path.value === "/" &&
        method === undefined &&
        headers.length + query.length + cookies.length === 0,
    ),
  );
}

function unsupported(at: FieldPath, message: string, hint?: string): Diagnostic {
  return errorAt(at, { code: "unsupported-route", message, ...(hint === undefined ? {} : { hint }) });
}
