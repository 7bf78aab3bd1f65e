import type { JsonObject } from "../../../lib";
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
  const all = [...headers, ...cookies.map(cookieHeader)];
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

/** A cookie is a part of the header that carries them all. */
export function cookieHeader({ name, match }: NamedMatch): NamedMatch {
  const value = match.kind === "exact" ? escaped(match.value) : `(?:${match.value})`;
  return {
    name: "cookie",
    match: { kind: "regex", value: `(?:.*;)?\\s*${escaped(name)}\\s*=\\s*${value}\\s*(?:;.*)?` },
  };
}

/** The text as a regular expression for itself. */
export function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
