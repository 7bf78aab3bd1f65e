import { present, type JsonObject } from "../../../../lib";
import type { NamedMatch, ValueMatch } from "../../../intent/types";
import { cookieHeader, escaped, type Entry } from "../../../gateway-api";

/** One match as Istio writes it but for its path, which may take several. */
export function fieldsOf({ match }: Entry, port: number | undefined): JsonObject {
  const { method, headers, query, cookies } = match;
  const plain = headers.filter((h) => h.name !== "host");
  const host = headers.find((h) => h.name === "host");
  const all = cookies.length === 0 ? plain : [...plain, cookieMatch(cookies)];
  return {
    ...(method === undefined ? {} : { method: { exact: method } }),
    ...(host === undefined ? {} : { authority: { regex: withPort(host.match) } }),
    ...(all.length === 0 ? {} : { headers: named(all) }),
    ...(query.length === 0 ? {} : { queryParams: named(query) }),
    ...present({ port }),
  };
}

/** A path match as Istio writes it, and what it matched of the path. */
export interface Uri {
  readonly uri: JsonObject;
  /** The whole path, or all elements of a prefix with the slash behind them. */
  readonly covers: "path" | "prefix";
}

/** Istio's prefix is one of characters, ours one of path elements: `/foo` itself, and what lies below it. */
export function urisOf({ match, grpc }: Entry): Uri[] {
  const { kind, value } = match.path;
  if (kind !== "prefix") return [{ uri: { [kind]: value }, covers: "path" }];
  if (value === "/") return [{ uri: { prefix: "/" }, covers: "prefix" }];
  const below: Uri = { uri: { prefix: `${value}/` }, covers: "prefix" };
  // Every gRPC call has a method behind its service.
  return grpc === undefined ? [{ uri: { exact: value }, covers: "path" }, below] : [below];
}

function cookieMatch(cookies: readonly NamedMatch[]): NamedMatch {
  return { name: "cookie", match: { kind: "regex", value: cookieHeader(cookies) } };
}

/** Intents mean the host without its port; the header may have one. */
function withPort({ kind, value }: ValueMatch): string {
  return `${kind === "exact" ? escaped(value) : `(?:${value})`}(?::[0-9]+)?`;
}

function named(matches: readonly NamedMatch[]): JsonObject {
  return Object.fromEntries(matches.map(({ name, match }) => [name, { [match.kind]: match.value }]));
}
