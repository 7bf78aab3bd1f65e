import { sortedBy } from "../../lib";
import { contentText } from "../intent/order";
import { contentKey } from "./content";
import type { Match, NamedMatch, PathMatch } from "../intent/types";

/** What two matches have in common; `unknown` where no single match can say it. */
export type Overlap<T> = T | "nothing" | "unknown";

/** The match for requests that both hold for. */
export function bothOf(a: Match, b: Match): Overlap<Match> {
  const path = bothPaths(a.path, b.path);
  const headers = bothNamed(a.headers, b.headers);
  const query = bothNamed(a.query, b.query);
  const cookies = bothNamed(a.cookies, b.cookies);
  const method = a.method ?? b.method;
  const parts = [path, headers, query, cookies];
  if (parts.includes("nothing") || (b.method !== undefined && method !== b.method)) return "nothing";
  if (path === "unknown" || path === "nothing") return "unknown";
  if (!isList(headers) || !isList(query) || !isList(cookies)) return "unknown";
  return { path, ...(method === undefined ? {} : { method }), headers, query, cookies, at: a.at };
}

function isList(overlap: Overlap<readonly NamedMatch[]>): overlap is readonly NamedMatch[] {
  return typeof overlap !== "string";
}

function bothPaths(a: PathMatch, b: PathMatch): Overlap<PathMatch> {
  if (a.kind === b.kind && a.value === b.value) return a;
  if (holdsForAll(a)) return b;
  if (holdsForAll(b)) return a;
  if (a.kind === "regex" || b.kind === "regex") return "unknown";
  if (a.kind === "exact" && b.kind === "exact") return "nothing";
  const [wide, narrow] =
    a.kind === "prefix" && (b.kind === "exact" || b.value.length > a.value.length) ? [a, b] : [b, a];
  return narrow.value === wide.value || narrow.value.startsWith(`${wide.value}/`) ? narrow : "nothing";
}

function holdsForAll({ kind, value }: PathMatch): boolean {
  return kind === "prefix" && value === "/";
}

function bothNamed(a: readonly NamedMatch[], b: readonly NamedMatch[]): Overlap<readonly NamedMatch[]> {
  const joined = [...a];
  for (const other of b) {
    const known = a.find((one) => one.name === other.name);
    if (known === undefined) joined.push(other);
    else if (contentKey(known) === contentKey(other)) continue;
    else if (known.match.kind === "exact" && other.match.kind === "exact") return "nothing";
    else return "unknown";
  }
  return sortedBy(joined, contentText);
}
