import type { HttpRoute, Match, RouteRule, ValueMatch } from "../../mesh/intent/types";
import { matchRegex, type Request } from "../envoy/match";

/** The rule of a route that takes a request, by the intent's own meaning; undefined: none, so 404. */
export function ruleFor(routes: readonly HttpRoute[], request: Request): RouteRule | undefined {
  const candidates = routes
    .flatMap((route) => route.rules)
    .flatMap((rule, order) => rule.matches.map((match) => ({ rule, match, order })))
    .filter(({ match }) => takes(match, request));
  candidates.sort((a, b) => compare(precedence(b.match), precedence(a.match)) || a.order - b.order);
  return candidates[0]?.rule;
}

/** As the Gateway API orders matches: exact path, regular expression, longest prefix, method, headers, query. */
function precedence(match: Match): readonly number[] {
  const kind = { exact: 2, regex: 1, prefix: 0 }[match.path.kind];
  return [
    kind,
    match.path.kind === "prefix" ? match.path.value.length : 0,
    match.method === undefined ? 0 : 1,
    match.headers.length,
    match.query.length,
  ];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function takes(match: Match, request: Request): boolean {
  const value = (matcher: ValueMatch, actual: string | undefined) =>
    actual !== undefined &&
    (matcher.kind === "exact" ? actual === matcher.value : wholly(matcher.value, actual));
  const path =
    match.path.kind === "prefix" ? under(match.path.value, request.path) : value(match.path, request.path);
  return (
    path &&
    (match.method === undefined || match.method === request.method) &&
    match.headers.every((header) => value(header.match, request.headers[header.name])) &&
    match.query.every((parameter) => value(parameter.match, request.query[parameter.name]))
  );
}

function under(prefix: string, path: string): boolean {
  return prefix === "/" || path === prefix || path.startsWith(`${prefix}/`);
}

function wholly(regex: string, value: string): boolean {
  return matchRegex(regex, value) === true;
}

/** Requests that tell the rules apart: each match met exactly, met at its edges, and missed by one condition. */
export function probesOf(routes: readonly HttpRoute[], base: Request): Request[] {
  const met = routes.flatMap((route) =>
    route.rules.flatMap((rule) => rule.matches.flatMap((m) => meeting(m, base))),
  );
  return [base, { ...base, path: "/meshwright-probe" }, ...met];
}

function meeting(match: Match, base: Request): Request[] {
  const pairs = (matches: Match["headers"]) =>
    Object.fromEntries(matches.map((m) => [m.name, sample(m.match)]));
  const whole: Request = {
    ...base,
    method: match.method ?? base.method,
    headers: { ...base.headers, ...pairs(match.headers) },
    query: pairs(match.query),
  };
  const at = pathsFor(match.path).map((path) => ({ ...whole, path }));
  const missed = match.headers.map(({ name }) => ({
    ...whole,
    headers: { ...whole.headers, [name]: "meshwright-probe" },
  }));
  const path = at[0]?.path ?? base.path;
  const other =
    match.method === undefined ? [] : [{ ...whole, method: match.method === "GET" ? "POST" : "GET" }];
  return [...at, ...[...missed, ...other].map((request) => ({ ...request, path }))];
}

function pathsFor(path: Match["path"]): string[] {
  if (path.kind !== "prefix") return [sample(path)];
  return path.value === "/" ? ["/", "/probe"] : [path.value, `${path.value}/probe`, `${path.value}probe`];
}

/** A value that meets the matcher: of a regular expression, only one that its plain reading gives. */
function sample(match: ValueMatch): string {
  if (match.kind === "exact") return match.value;
  const plain = match.value.replace(/\\(.)/g, "$1");
  const guesses = [
    plain,
    plain.replace(/\.[*+]|\[.*?\][*+?]?|\(.*?\)[*+?]?/g, "a"),
    plain.replace(/\\d\+|\[0-9\]\+/g, "1"),
  ];
  return guesses.find((guess) => wholly(match.value, guess)) ?? plain;
}
