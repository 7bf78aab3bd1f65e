import type { JsonObject } from "../../../lib";
import { cookieHeader } from "../../gateway-api";
import type { GrpcMatch, Match, NamedMatch, PathMatch } from "../../intent/types";

/**
 * A match as App Mesh has it, once for each form of its path: App Mesh's prefix is one of characters, ours one of path
 * elements, `/foo` itself and what lies below it.
 */
export function httpMatches(match: Match): JsonObject[] {
  return pathMatches(match.path).map((part) => ({ ...part, ...conditions(match) }));
}

/** All of a match but its path. */
export function conditions({ method, headers, query, cookies }: Match): JsonObject {
  const all = [...headers, ...cookieMatches(cookies)];
  return {
    ...(method === undefined ? {} : { method }),
    ...(all.length === 0 ? {} : { headers: all.map(named) }),
    ...(query.length === 0 ? {} : { queryParameters: query.map(named) }),
  };
}

/** The forms in which App Mesh has a path's match. */
export function pathMatches({ kind, value }: PathMatch): JsonObject[] {
  if (kind !== "prefix") return [{ path: { [kind]: value } }];
  if (value === "/") return [{ prefix: "/" }];
  return [{ path: { exact: value } }, { prefix: `${value}/` }];
}

export function grpcMatch({ service, method, headers }: GrpcMatch, metadata: string): JsonObject {
  return {
    ...(service === undefined ? {} : { serviceName: service }),
    ...(method === undefined ? {} : { methodName: method }),
    ...(headers.length === 0 ? {} : { [metadata]: headers.map(named) }),
  };
}

function named({ name, match }: NamedMatch): JsonObject {
  return { name, match: { [match.kind]: match.value } };
}

/** Cookies are parts of one header, which has to have them all. */
export function cookieMatches(cookies: readonly NamedMatch[]): NamedMatch[] {
  if (cookies.length === 0) return [];
  return [{ name: "cookie", match: { kind: "regex", value: cookieHeader(cookies) } }];
}
