import { contentText } from "./order";
import type { GrpcMatch, Match, PathMatch } from "./types";

/** How specific a match is, the most telling part first; compared part by part, the greater wins. */
export type Specificity = readonly number[];

const PATH_RANK: Readonly<Record<PathMatch["kind"], number>> = { exact: 2, regex: 1, prefix: 0 };

/**
 * The order in which matches are tried, as in the Gateway API: exact paths, then regular expressions (whose place that
 * API leaves open), then prefixes, longer before shorter; then a method, more headers, more query parameters, more
 * cookies.
 */
export function specificity({ path, method, headers, query, cookies }: Match): Specificity {
  return [
    PATH_RANK[path.kind],
    path.value.length,
    method === undefined ? 0 : 1,
    headers.length,
    query.length,
    cookies.length,
  ];
}

/**
 * The same for gRPC calls, as in the Gateway API: one with a service before one without, then one with a method, then
 * more headers. Comparable with `specificity`: a whole name is an exact path, a service is a prefix.
 */
export function grpcSpecificity({ service, method, headers }: GrpcMatch): Specificity {
  const whole = service !== undefined && method !== undefined;
  const path = `/${service ?? ""}${whole ? `/${method}` : ""}`;
  const methodAlone = service === undefined && method !== undefined;
  return [PATH_RANK[whole ? "exact" : "prefix"], path.length, methodAlone ? 1 : 0, headers.length, 0, 0];
}

/** Sorts the more specific first; 0 where the order of writing decides. */
export function bySpecificity(a: Specificity, b: Specificity): number {
  const differing = a.findIndex((part, i) => part !== b[i]);
  return differing === -1 ? 0 : (b[differing] ?? 0) - (a[differing] ?? 0);
}

/** Equal for matches that hold for the very same requests as written. */
export function matchKey(match: Match | GrpcMatch): string {
  return contentText(match);
}
