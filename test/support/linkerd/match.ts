import { isJsonObject, type Json, type JsonObject } from "../../../lib";
import { matchesWhole } from "../../../mesh/semantics/regex";

/** A request as Linkerd's proxies see one. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  /** Without `?`. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** How much of a request was matched; part by part, the greater is preferred, and the first of equals. */
export type Summary = readonly number[];

export const list = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];

/** A value that the schema says is a text or a number. */
export function said(value: Json | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** As linkerd-http-route finds the best of all rules of all routes: what is tied stays with the first. */
export function best<T>(found: readonly { readonly summary: Summary; readonly of: T }[]): T | undefined {
  let top: { readonly summary: Summary; readonly of: T } | undefined;
  for (const each of found) if (top === undefined || compare(each.summary, top.summary) > 0) top = each;
  return top?.of;
}

export function compare(a: Summary, b: Summary): number {
  const differing = a.findIndex((part, i) => part !== b[i]);
  return differing === -1 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}

/** The best match of a rule of an HTTPRoute; undefined where none holds. */
export function ruleSummary(rule: JsonObject, seen: Seen): Summary | undefined {
  const matches = list(rule["matches"]);
  if (matches.length === 0) return [1, 0, 0, 0];
  const held = matches.flatMap((match) => {
    const summary = matchSummary(match, seen);
    return summary === undefined ? [] : [{ summary, of: summary }];
  });
  return best(held);
}

function matchSummary(match: JsonObject, seen: Seen): Summary | undefined {
  const { method } = match;
  if (method !== undefined && method !== seen.method) return undefined;
  const length = pathLength(isJsonObject(match["path"]) ? match["path"] : {}, seen.path);
  const headers = list(match["headers"]);
  const params = list(match["queryParams"]);
  if (length === undefined) return undefined;
  if (!headers.every((h) => headerHolds(h, seen)) || !params.every((q) => paramHolds(q, seen)))
    return undefined;
  return [length, method === undefined ? 0 : 1, headers.length, params.length];
}

/** The characters of the path that were matched, whatever the kind of match: Linkerd compares nothing else of it. */
function pathLength({ type = "PathPrefix", value = "/" }: JsonObject, path: string): number | undefined {
  const text = said(value);
  if (type === "Exact") return text === path ? path.length : undefined;
  if (type === "RegularExpression") return leftmostFirst(text, path) ? path.length : undefined;
  if (text === "/") return 1;
  const prefix = text.replace(/\/+$/, "");
  const bare = path.replace(/\/+$/, "");
  if (!bare.startsWith(prefix)) return undefined;
  const rest = bare.slice(prefix.length);
  return rest === "" || rest.startsWith("/") ? prefix.length : undefined;
}

/** Linkerd asks whether the first match that is found is the whole text; it looks for no other. */
function leftmostFirst(source: string, text: string): boolean {
  const flags = /^\(\?([ims]+)\)/.exec(source);
  const body = source.slice(flags?.[0].length ?? 0).replace(/\(\?P</g, "(?<");
  const inner = /^\^\(\?:\(\?([ims]+)\)(.*)\)\$$/s.exec(body);
  if (inner !== null) return matchesWhole(`(?${inner[1]})${inner[2]}`, text);
  const found = new RegExp(body, flags?.[1] ?? "").exec(text);
  return found !== null && found.index === 0 && found[0].length === text.length;
}

function valueHolds({ type = "Exact", value }: JsonObject, text: string): boolean {
  return type === "Exact" ? value === text : leftmostFirst(said(value), text);
}

function headerHolds(match: JsonObject, { headers }: Seen): boolean {
  const name = said(match["name"]).toLowerCase();
  return headers.some((h) => h.name === name && valueHolds(match, h.value));
}

function paramHolds(match: JsonObject, { query }: Seen): boolean {
  return [...new URLSearchParams(query)].some(
    ([name, value]) => name === match["name"] && valueHolds(match, value),
  );
}

/** The best match of a rule of a GRPCRoute. */
export function grpcSummary(rule: JsonObject, seen: Seen): Summary | undefined {
  const [, service = "", name = ""] = seen.path.split("/");
  const matches = list(rule["matches"]);
  if (matches.length === 0) return [0, 0, 0];
  const held = matches.flatMap((match) => {
    const called = isJsonObject(match["method"]) ? match["method"] : {};
    const headers = list(match["headers"]);
    if (called["service"] !== undefined && called["service"] !== service) return [];
    if (called["method"] !== undefined && called["method"] !== name) return [];
    if (!headers.every((h) => headerHolds(h, seen))) return [];
    const summary = [
      called["service"] === undefined ? 0 : service.length,
      called["method"] === undefined ? 0 : name.length,
      headers.length,
    ];
    return [{ summary, of: summary }];
  });
  return best(held);
}
