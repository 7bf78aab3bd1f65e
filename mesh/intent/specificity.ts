import { contentText } from "./order";
import type { Match, PathMatch } from "./types";

/** How specific a match is, the most telling part first; compared part by part, the greater wins. */
export type Specificity = readonly number[];

const PATH_RANK: Readonly<Record<PathMatch["kind"], number>> = { exact: 2, regex: 1, prefix: 0 };

/**
 * The order in which matches are tried, as in the Gateway API: exact paths, then regular expressions (whose place that
 * API leaves open), then prefixes, longer before shorter; then a method, more headers, more query parameters.
 */
export function specificity({ path, method, headers, query }: Match): Specificity {
  return [
    PATH_RANK[path.kind],
    path.value.length,
    method === undefined ? 0 : 1,
    headers.length,
    query.length,
  ];
}

/** Sorts the more specific first; 0 where the order of writing decides. */
export function bySpecificity(a: Specificity, b: Specificity): number {
  const differing = a.findIndex((part, i) => part !== b[i]);
  return differing === -1 ? 0 : (b[differing] ?? 0) - (a[differing] ?? 0);
}

/** Equal for matches that hold for the very same requests as written. */
export function matchKey(match: Match): string {
  return contentText(match);
}
