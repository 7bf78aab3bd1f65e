import type { JsonObject } from "../../lib";
import type { GrpcMatch, Match, NamedMatch, PathMatch } from "../intent/types";
import { cookieHeader, escaped } from "./cookie-header";

const PATH_TYPE: Readonly<Record<PathMatch["kind"], string>> = {
  exact: "Exact",
  prefix: "PathPrefix",
  regex: "RegularExpression",
};

/** `HTTPRoute.spec.rules[].matches[]`. */
export function httpMatch({ path, method, headers, query, cookies }: Match): JsonObject {
  const all = cookies.length === 0 ? headers : [...headers, cookieMatch(cookies)];
  return {
    ...(all.length === 0 ? {} : { headers: all.map(named) }),
    ...(method === undefined ? {} : { method }),
    path: { type: PATH_TYPE[path.kind], value: path.value },
    ...(query.length === 0 ? {} : { queryParams: query.map(named) }),
  };
}

/** `GRPCRoute.spec.rules[].matches[]`. */
export function grpcMatch({ service, method, headers }: GrpcMatch): JsonObject {
  const called = {
    ...(service === undefined ? {} : { service }),
    ...(method === undefined ? {} : { method }),
  };
  return {
    ...(Object.keys(called).length === 0 ? {} : { method: { type: "Exact", ...called } }),
    ...(headers.length === 0 ? {} : { headers: headers.map(named) }),
  };
}

function cookieMatch(cookies: readonly NamedMatch[]): NamedMatch {
  return { name: "cookie", match: { kind: "regex", value: cookieHeader(cookies) } };
}

function named(match: NamedMatch): JsonObject {
  const { name, match: value } = hostMatch(match);
  return value.kind === "exact"
    ? { name, type: "Exact", value: value.value }
    : { name, type: "RegularExpression", value: value.value };
}

/** Intents mean the host without its port; the header may have one. */
function hostMatch(named: NamedMatch): NamedMatch {
  const { name, match } = named;
  if (name !== "host") return named;
  const value = match.kind === "exact" ? escaped(match.value) : `(?:${match.value})`;
  return { name, match: { kind: "regex", value: `${value}(?::[0-9]+)?` } };
}

/** A gRPC call as a request: for implementations that have more for HTTPRoutes than for GRPCRoutes. */
export function grpcAsHttp(match: GrpcMatch): Match {
  return { at: match.at, path: grpcPath(match), headers: match.headers, query: [], cookies: [] };
}

function grpcPath({ service, method }: GrpcMatch): PathMatch {
  if (service === undefined) {
    return method === undefined
      ? { kind: "prefix", value: "/" }
      : { kind: "regex", value: `/[^/]+/${escaped(method)}` };
  }
  return method === undefined
    ? { kind: "prefix", value: `/${service}` }
    : { kind: "exact", value: `/${service}/${method}` };
}
