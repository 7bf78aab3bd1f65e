import { type Diagnostic, warningAt } from "../../lib";
import { contentKey } from "./content";
import { bySpecificity, specificity, type Specificity } from "../intent/specificity";
import type { Match, RouteRule } from "../intent/types";
import { bothOf } from "./overlap";

/** What is done with requests, apart from which. */
export type Action = Omit<RouteRule, "matches">;

/** One match of a list in which the first that holds is taken. */
export interface Entry {
  readonly match: Match;
  readonly action: Action;
}

interface Ranked extends Entry {
  /** Its place in the list it comes from; what it was combined from keeps the earlier one's. */
  readonly place: number;
  readonly key: string;
  readonly rank: Specificity;
  /** Made from two others: nobody wrote it. */
  readonly derived: boolean;
}

/** Combinations grow with the square of a list that is in no order at all; nobody wants to read what comes of it. */
const MOST_ENTRIES = 400;

/**
 * A list in which the first match is taken, as rules of which the most specific is taken: where a later match is the
 * more specific one, requests that both hold for get a rule of their own with what the earlier one does. What can never
 * be reached is left out. Reports what cannot be told so.
 */
export function fromFirstMatch(entries: readonly Entry[], losses: Diagnostic[]): RouteRule[] {
  const ranked = entries.map(({ match, action }, place): Ranked => ({
    match,
    action,
    place,
    key: contentKey(action),
    rank: specificity(match),
    derived: false,
  }));
  return asRules(separated(ranked, losses));
}

/** The entries with their overlaps told apart, in their order. */
function separated(entries: readonly Ranked[], losses: Diagnostic[]): readonly Ranked[] {
  const kept: Ranked[] = [];
  const waiting = [...entries];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const entry = next;
    const before = kept.filter((k) => k.place < entry.place && bySpecificity(entry.rank, k.rank) < 0);
    const after = kept.filter((k) => k.place > entry.place && bySpecificity(k.rank, entry.rank) < 0);
    if (before.some((k) => covers(k, entry, losses))) continue;
    kept.push(entry);
    if (kept.length > MOST_ENTRIES) continue;
    waiting.push(
      ...before.flatMap((k) => combined(k, entry, losses)),
      ...after.flatMap((k) => combined(entry, k, losses)),
    );
  }
  if (kept.length > MOST_ENTRIES) {
    const message =
      "the order of these routes cannot be told by how specific they are: there are too many that overlap";
    losses.push(warningAt(entries[0]?.action.at ?? [], { code: "changed", message }));
  }
  return kept.sort((a, b) => a.place - b.place);
}

/** Whether an earlier entry takes everything that a later one names. */
function covers(earlier: Ranked, later: Ranked, losses: Diagnostic[]): boolean {
  const both = bothOf(earlier.match, later.match);
  if (typeof both === "string" || contentKey(both) !== contentKey(later.match)) return false;
  if (earlier.key !== later.key && !later.derived) {
    const message = "no request ever comes here: an earlier route takes them all";
    losses.push(warningAt(later.match.at, { code: "changed", message, hint: "it is left out" }));
  }
  return true;
}

function combined(earlier: Ranked, later: Ranked, losses: Diagnostic[]): Ranked[] {
  if (earlier.key === later.key) return [];
  const both = bothOf(earlier.match, later.match);
  if (both === "nothing") return [];
  if (both === "unknown") {
    const message =
      "an earlier route would have taken some of these requests; in an intent this one takes them, being more specific";
    const hint = "write a rule for the requests that both match, with what the earlier one does";
    losses.push(warningAt(later.match.at, { code: "changed", message, hint }));
    return [];
  }
  const { action, place, key } = earlier;
  return [{ match: both, action, place, key, rank: specificity(both), derived: true }];
}

/** Entries that do the same become one rule, where none of another rule between them would win a tie by it. */
function asRules(entries: readonly Ranked[]): RouteRule[] {
  const rules: { readonly key: string; readonly entries: Ranked[] }[] = [];
  for (const entry of entries) {
    const i = rules.findLastIndex((rule) => rule.key === entry.key);
    const between = rules.slice(i + 1).flatMap((rule) => rule.entries);
    const tied = between.some((other) => bySpecificity(other.rank, entry.rank) === 0);
    const same = rules[i];
    if (same === undefined || tied) rules.push({ key: entry.key, entries: [entry] });
    else same.entries.push(entry);
  }
  return rules.flatMap(({ entries: own }) => {
    const [first] = own;
    return first === undefined ? [] : [{ ...first.action, matches: distinct(own.map((e) => e.match)) }];
  });
}

function distinct(matches: readonly Match[]): Match[] {
  const seen = new Map(matches.map((match) => [contentKey(match), match]));
  return [...seen.values()];
}
