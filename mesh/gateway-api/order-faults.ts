import { errorAt, formatPath, type Diagnostic } from "../../lib";
import type { PathMatch } from "../intent/types";
import type { Entry } from "./targets";

const RANK: Readonly<Record<PathMatch["kind"], number>> = { exact: 3, prefix: 2, regex: 1 };

/**
 * Matches that an implementation tries in another order than the intent means, where one request may be for both: it
 * tries regular expressions after prefixes, and takes all cookies for one header. `entries` are in the intent's order.
 */
export function orderFaults(entries: readonly Entry[]): Diagnostic[] {
  if (!entries.some(({ match }) => match.path.kind === "regex" || match.cookies.length > 0)) return [];
  return entries.flatMap((entry, i) => {
    const swapped = entries
      .slice(i + 1)
      .find((later) => later.rule !== entry.rule && isBefore(later, entry) && mayMeet(later, entry));
    if (swapped === undefined) return [];
    const message = `here this match would be tried after the one at ${formatPath(swapped.match.at)}, and the intent means it before`;
    const hint =
      "write paths as prefixes or exact, so that none needs a regular expression, or make the two exclude each other";
    return [errorAt(entry.match.at, { code: "unsupported-route-order", message, hint })];
  });
}

/** Whether the implementation tries `a` before `b`. */
function isBefore(a: Entry, b: Entry): boolean {
  const left = rankOf(a);
  const right = rankOf(b);
  const differing = left.findIndex((part, i) => part !== right[i]);
  return differing !== -1 && (left[differing] ?? 0) > (right[differing] ?? 0);
}

function rankOf({ match }: Entry): number[] {
  const { path, method, headers, query, cookies } = match;
  const fields = headers.length + (cookies.length > 0 ? 1 : 0);
  return [RANK[path.kind], path.value.length, method === undefined ? 0 : 1, fields, query.length];
}

/** Whether some request may be for both; when in doubt, yes. */
function mayMeet({ match: a }: Entry, { match: b }: Entry): boolean {
  if (a.method !== undefined && b.method !== undefined && a.method !== b.method) return false;
  const left = head(a.path);
  const right = head(b.path);
  return left.startsWith(right) || right.startsWith(left);
}

/** What a path that matches begins with. */
function head({ kind, value }: PathMatch): string {
  if (kind !== "regex") return value;
  const literal = /^(?:[^\\^$.*+?()[\]{}|]|\\[^A-Za-z0-9])*/.exec(value)?.[0] ?? "";
  const rest = value.slice(literal.length);
  // The last character may be repeated, or absent; and an alternative may begin otherwise.
  const sure = /^[*?{]/.test(rest) ? literal.replace(/\\?.$/s, "") : literal;
  return value.includes("|") ? "" : sure.replace(/\\(.)/g, "$1");
}
