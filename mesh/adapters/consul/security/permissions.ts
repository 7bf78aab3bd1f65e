import type { JsonObject } from "../../../../lib";
import { escaped } from "../../../gateway-api/cookie-header";
import type { Access, JwtCondition, Operation } from "../../../intent/types";
import type { Claims } from "./callers";

export interface Verdicts {
  /** Whether the service's requests can be told apart. */
  readonly requests: boolean;
  /** What becomes of what no entry names. */
  readonly otherwise: "allow" | "deny";
  /** Whose tokens the service looks at, by name. */
  readonly providers: readonly string[];
}

/**
 * One source of an intention: an action for all it does, or permissions of which Consul takes the first that holds.
 * Denials come first, since they win; what is left is said in so many words, whatever Consul's default.
 */
export function sourceOf({ source, denies, allows }: Claims, verdicts: Verdicts): JsonObject {
  const { requests, otherwise, providers } = verdicts;
  const holding = (entry: Access): boolean => requests || entry.operations.length === 0;
  const shut = denies.some((d) => d.operations.length === 0);
  // Where tokens are looked at, nothing is open to bad ones.
  const open = providers.length === 0 && allows.some((a) => a.operations.length === 0 && a.jwt === undefined);
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
      ...allowing(partialAllows, providers),
      { action: rest, http: ANY_REQUEST },
    ],
  };
}

const ANY_REQUEST: JsonObject = { pathPrefix: "/" };

/**
 * Allows that ask for no token come first: of what they name Consul looks at no later one, and nobody needs a token for
 * it. Allows of the same requests by token are one permission, with every token that opens it.
 */
function allowing(allows: readonly Access[], providers: readonly string[]): JsonObject[] {
  const open = new Map<string, JsonObject>();
  const byToken = new Map<string, { http: JsonObject; tokens: JwtCondition[] }>();
  for (const { operations, jwt } of allows) {
    const all = operations.length === 0 ? [ANY_REQUEST] : operations.flatMap(requestsOf);
    for (const http of all) {
      const key = JSON.stringify(http);
      if (jwt === undefined) open.set(key, http);
      else byToken.set(key, { http, tokens: [...(byToken.get(key)?.tokens ?? []), jwt] });
    }
  }
  return [
    ...[...open.values()].flatMap((http) => withoutBadTokens(http, providers)),
    ...[...byToken.values()].map(({ http, tokens }) => ({
      action: "allow",
      http,
      jwt: { providers: tokens.flatMap(tokenOf) },
    })),
  ];
}

/**
 * Requests that need no token, but may not have a bad one where a service looks at tokens: those without any, and those
 * with a valid one. Two conditions for the former, since Envoy takes no header for one that fails every test but that of
 * its absence.
 */
function withoutBadTokens(http: JsonObject, providers: readonly string[]): JsonObject[] {
  if (providers.length === 0) return [{ action: "allow", http }];
  return [
    ...NO_TOKEN.map((condition) => ({ action: "allow", http: { header: [condition], ...http } })),
    { action: "allow", http, jwt: { providers: providers.map((name) => ({ name })) } },
  ];
}

const NO_TOKEN: readonly JsonObject[] = [
  { invert: true, name: "authorization", present: true },
  { contains: "Bearer ", invert: true, name: "authorization" },
];

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
