import { contentText } from "../../../intent/order";
import { errorAt, formatPath, type Diagnostic } from "../../../../lib";
import type { Match, NamedMatch, PathMatch } from "../../../intent/types";
import type { Entry } from "../../../gateway-api";
import { matchesWhole } from "../../../semantics/regex";
import { annotations } from "./dialect";

/** Rules with equal annotations stand in one route, as long as it has room for them. */
const MOST_RULES = 16;

/**
 * Matches that Linkerd tries in another order than the intent means, where one request may be for both. Linkerd
 * compares how much of the path was matched, whatever the kind of match; then a method, headers and parameters. Only
 * what is equal by then keeps its order, and only within one route.
 */
export function orderFaults(entries: readonly Entry[]): Diagnostic[] {
  return entries.flatMap((entry, i) => {
    const swapped = entries.slice(i + 1).find((later) => isSwapped(entry, later, entries.length));
    if (swapped === undefined) return [];
    const message = `Linkerd may try this match after the one at ${formatPath(swapped.match.at)}, and the intent means it before`;
    const hint =
      "give this match the method, headers and parameters of the other as well, or make the two exclude each other";
    return [errorAt(entry.match.at, { code: "unsupported-route-order", message, hint })];
  });
}

function isSwapped(first: Entry, later: Entry, count: number): boolean {
  if (first.rule === later.rule || disjoint(first.match, later.match)) return false;
  if (!mayTie(first.match.path, later.match.path)) return false;
  const order = compare(first.match, later.match);
  return order < 0 || (order === 0 && apart(first, later, count));
}

/** Whether two matches may stand in different routes, whose order is that of their age. */
function apart(a: Entry, b: Entry, count: number): boolean {
  return count > MOST_RULES || contentText(annotations(a.rule)) !== contentText(annotations(b.rule));
}

/** Above zero where Linkerd prefers `a`, for paths of which both match as much. */
function compare(a: Match, b: Match): number {
  const left = rank(a);
  const right = rank(b);
  const differing = left.findIndex((part, i) => part !== right[i]);
  return differing === -1 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}

function rank({ method, headers, query, cookies }: Match): number[] {
  return [method === undefined ? 0 : 1, headers.length + (cookies.length > 0 ? 1 : 0), query.length];
}

/** Whether there are paths of which both match as much: an expression and an exact path match the whole. */
function mayTie(a: PathMatch, b: PathMatch): boolean {
  if (a.kind === "regex") return b.kind === "regex" || matchesWhole(a.value, b.value);
  if (b.kind === "regex") return matchesWhole(b.value, a.value);
  return a.value === b.value;
}

/** Whether no request is for both. */
function disjoint(a: Match, b: Match): boolean {
  if (a.method !== undefined && b.method !== undefined && a.method !== b.method) return true;
  return (["headers", "query", "cookies"] as const).some((part) => contradict(a[part], b[part]));
}

function contradict(some: readonly NamedMatch[], others: readonly NamedMatch[]): boolean {
  return some.some(({ name, match }) =>
    others.some(
      (o) =>
        o.name === name &&
        o.match.kind === "exact" &&
        match.kind === "exact" &&
        o.match.value !== match.value,
    ),
  );
}
