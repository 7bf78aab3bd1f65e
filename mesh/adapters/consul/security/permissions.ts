import type { JsonObject } from "../../../../lib";
import { escaped } from "../../../gateway-api/cookie-header";
import type { Access, JwtCondition, Operation } from "../../../intent/types";
import type { Claims } from "./callers";

export interface Verdicts {
  /** Whether the service's requests can be told apart. */
  readonly requests: boolean;
  /** What becomes of what no entry names. */
  readonly otherwise: "allow" | "deny";
}

/**
 * One source of an intention: an action for all it does, or permissions of which Consul takes the first that holds.
 * Denials come first, since they win; what is left is said in so many words, whatever Consul's default.
 */
export function sourceOf({ source, denies, allows }: Claims, { requests, otherwise }: Verdicts): JsonObject {
  const holding = (entry: Access): boolean => requests || entry.operations.length === 0;
  const shut = denies.some((d) => d.operations.length === 0);
  const open = allows.some((a) => a.operations.length === 0 && a.jwt === undefined);
  const partialDenies = denies.filter(holding);
  const partialAllows = open ? [] : allows.filter(holding);
  const rest = open ? "allow" : otherwise;
  const nothing = rest === "deny" && partialAllows.length === 0;
  if (shut || nothing) return { action: "deny", name: source };
  if (partialDenies.length === 0 && partialAllows.length === 0) return { action: rest, name: source };
  return {
    name: source,
    permissions: [
      ...partialDenies
        .flatMap((d) => d.operations.flatMap(requestsOf))
        .map((http) => ({ action: "deny", http })),
      ...allowing(partialAllows),
      { action: rest, http: ANY_REQUEST },
    ],
  };
}

const ANY_REQUEST: JsonObject = { pathPrefix: "/" };

/** Allows of the same requests are one permission, with every token that opens it. */
function allowing(allows: readonly Access[]): JsonObject[] {
  const byRequest = new Map<string, { http: JsonObject; tokens: JwtCondition[] }>();
  for (const { operations, jwt } of allows) {
    const all = operations.length === 0 ? [ANY_REQUEST] : operations.flatMap(requestsOf);
    for (const http of all) {
      const key = JSON.stringify(http);
      const found = byRequest.get(key) ?? { http, tokens: [] };
      byRequest.set(key, found);
      if (jwt !== undefined) found.tokens.push(jwt);
    }
  }
  return [...byRequest.values()].map(({ http, tokens }) => ({
    action: "allow",
    http,
    ...(tokens.length === 0 ? {} : { jwt: { providers: tokens.flatMap(tokenOf) } }),
  }));
}

/** The requests of an operation, one for each of its paths. */
export function requestsOf({ methods, paths }: Operation): JsonObject[] {
  const asked = methods.length === 0 ? {} : { methods };
  if (paths.length === 0) return [{ ...asked, ...ANY_REQUEST }];
  return paths.map((path) => ({ ...asked, ...pathOf(path) }));
}

/** Paths of operations are told by their characters. */
function pathOf(path: string): JsonObject {
  if (path.startsWith("*")) return path === "*" ? ANY_REQUEST : { pathRegex: `.*${escaped(path.slice(1))}` };
  if (path.endsWith("*")) return { pathPrefix: path.slice(0, -1) };
  return { pathExact: path };
}

/** Every claim must have one of its values: one provider for each choice of values, of which Consul takes any. */
function tokenOf({ provider, claims }: JwtCondition): JsonObject[] {
  const choices = claims.reduce<JsonObject[][]>(
    (some, { name, values }) => some.flatMap((c) => values.map((value) => [...c, { path: [name], value }])),
    [[]],
  );
  return choices.map((verifyClaims) => ({
    name: provider,
    ...(verifyClaims.length === 0 ? {} : { verifyClaims }),
  }));
}

/** How many choices of values the claims of a condition leave. */
export function choicesOf({ claims }: JwtCondition): number {
  return claims.reduce((product, { values }) => product * values.length, 1);
}
