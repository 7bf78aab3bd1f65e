import type { GrpcMatch, Match, NamedMatch, PathMatch, ValueMatch } from "../../../../mesh/intent/types";
import type { Call } from "../../../../mesh/semantics";
import { grpcMatches, httpMatches } from "../../../../mesh/semantics/matching";
import { seen } from "../../../../mesh/semantics/request";
import { hitsOf, missesOf } from "../values";

/** Values by their names, each once. */
type Values = ReadonlyMap<string, string>;

interface HttpSketch {
  readonly path: string;
  readonly method: string;
  readonly headers: Values;
  readonly query: Values;
  readonly cookies: Values;
}

interface GrpcSketch {
  readonly service: string;
  readonly method: string;
  readonly headers: Values;
}

/** Calls that a match holds for, and for each of its conditions calls that miss just that one. */
export function callsNear(match: Match): Call[] {
  const [first, ...others] = hits(match);
  if (first === undefined) return [];
  const values = (["headers", "query", "cookies"] as const).flatMap((part) =>
    match[part].flatMap((named) => missing(first[part], named).map((left) => ({ ...first, [part]: left }))),
  );
  const paths = pathMisses(match.path).map((path) => ({ ...first, path }));
  const methods = match.method === undefined ? [] : [{ ...first, method: otherThan(match.method) }];
  return [first, ...others, ...paths, ...methods, ...values].map(written);
}

/** A call that two matches hold for, where there is one. */
export function callForBoth(a: Match, b: Match): Call[] {
  const candidates = [...hits(a), ...hits(b)].map(({ path }) => path);
  const [one, two] = [hits(a)[0], hits(b)[0]];
  if (one === undefined || two === undefined) return [];
  const joined = {
    method: a.method ?? b.method ?? "GET",
    headers: new Map([...two.headers, ...one.headers]),
    query: new Map([...two.query, ...one.query]),
    cookies: new Map([...two.cookies, ...one.cookies]),
  };
  const all = candidates.map((path) => written({ ...joined, path }));
  return all.filter((call) => holds(a, call) && holds(b, call)).slice(0, 1);
}

export function grpcCallsNear(match: GrpcMatch): Call[] {
  const first = grpcHit(match);
  const headers = match.headers.flatMap((named) =>
    missing(first.headers, named).map((left) => ({ ...first, headers: left })),
  );
  const services = match.service === undefined ? [] : [{ ...first, service: `${match.service}s` }];
  const methods = match.method === undefined ? [] : [{ ...first, method: `${match.method}Not` }];
  return [first, ...services, ...methods, ...headers].map(grpcWritten);
}

export function grpcCallForBoth(a: GrpcMatch, b: GrpcMatch): Call[] {
  const [one, two] = [grpcHit(a), grpcHit(b)];
  const call = grpcWritten({
    service: a.service ?? two.service,
    method: a.method ?? two.method,
    headers: new Map([...two.headers, ...one.headers]),
  });
  const request = seen(call, "");
  return request !== undefined && grpcMatches(a, request) && grpcMatches(b, request) ? [call] : [];
}

function holds(match: Match, call: Call): boolean {
  const request = seen(call, "");
  return request !== undefined && httpMatches(match, request);
}

function hits({ path, method = "GET", headers, query, cookies }: Match): HttpSketch[] {
  const rest = { method, headers: valuesOf(headers), query: valuesOf(query), cookies: valuesOf(cookies) };
  return pathHits(path).map((each) => ({ path: each, ...rest }));
}

function grpcHit({ service = "shop.v1.Any", method = "Any", headers }: GrpcMatch): GrpcSketch {
  return { service, method, headers: valuesOf(headers) };
}

const valuesOf = (all: readonly NamedMatch[]): Values =>
  new Map(all.map(({ name, match }) => [name, valueHit(match)]));

const valueHit = ({ kind, value }: ValueMatch): string =>
  kind === "exact" ? value : (hitsOf(value)[0] ?? value);

/** Without the value, and with values that are near it. */
function missing(values: Values, { name, match }: NamedMatch): Values[] {
  const others = new Map([...values].filter(([each]) => each !== name));
  const near =
    match.kind === "regex"
      ? [...missesOf(match.value), ...[...hitsOf(match.value).slice(0, 1)].map((hit) => `_${hit}_`)]
      : [`${match.value}x`, `x${match.value}`, match.value.toUpperCase()];
  return [others, ...near.map((value) => new Map([...others, [name, value]]))];
}

function pathHits({ kind, value }: PathMatch): readonly string[] {
  if (kind === "exact") return [value];
  if (kind === "regex") return hitsOf(value);
  const bare = value === "/" ? "" : value;
  return [`${bare}/x`, bare === "" ? "/" : bare, `${bare}/`, `${bare}/items/7`];
}

function pathMisses({ kind, value }: PathMatch): readonly string[] {
  if (kind === "regex") return missesOf(value);
  if (value === "/") return kind === "exact" ? ["/x"] : [];
  const parent = value.slice(0, value.lastIndexOf("/")) || "/";
  return [...(kind === "exact" ? [`${value}/x`] : []), `${value}x`, parent, `/x${value}`];
}

const otherThan = (method: string): string => (method === "PUT" ? "POST" : "PUT");

function written({ path, method, headers, query, cookies }: HttpSketch): Call {
  const asked = [...query].map(([name, value]) => `${name}=${value}`).join("&");
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const all = cookie === "" ? headers : new Map([...headers, ["cookie", cookie]]);
  return {
    kind: "http",
    method,
    path: asked === "" ? path : `${path}?${asked}`,
    headers: [...all].map(([name, value]) => ({ name, value })),
  };
}

function grpcWritten({ service, method, headers }: GrpcSketch): Call {
  return { kind: "grpc", service, method, headers: [...headers].map(([name, value]) => ({ name, value })) };
}
