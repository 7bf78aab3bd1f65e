/**
 * A set of texts as a tree of their characters, so that sets can be joined and taken from each other. Made from exact
 * texts, prefixes, and regular expressions of a simple kind; not every one is.
 */
export interface PathSet {
  /** The text that ends here is in the set. */
  readonly end: boolean;
  /** So is every text that goes on with a character that `next` does not name. */
  readonly others: boolean;
  readonly next: ReadonlyMap<string, PathSet>;
}

export const NONE: PathSet = { end: false, others: false, next: new Map() };
export const ALL: PathSet = { end: true, others: true, next: new Map() };

const EMPTY_TEXT: PathSet = { end: true, others: false, next: new Map() };

export function exactly(text: string): PathSet {
  return before([...text], EMPTY_TEXT);
}

/** Every text that begins so, by characters. */
export function beginning(text: string): PathSet {
  return before([...text], ALL);
}

function before(letters: readonly string[], rest: PathSet): PathSet {
  return letters.reduceRight<PathSet>(
    (set, letter) => ({ end: false, others: false, next: new Map([[letter, set]]) }),
    rest,
  );
}

export function union(a: PathSet, b: PathSet): PathSet {
  return combine(a, b, (x, y) => x || y);
}

export function minus(a: PathSet, b: PathSet): PathSet {
  return combine(a, b, (x, y) => x && !y);
}

export function same(a: PathSet, b: PathSet): boolean {
  return isNone(minus(a, b)) && isNone(minus(b, a));
}

function combine(a: PathSet, b: PathSet, is: (x: boolean, y: boolean) => boolean): PathSet {
  const letters = [...new Set([...a.next.keys(), ...b.next.keys()])].sort();
  return {
    end: is(a.end, b.end),
    others: is(a.others, b.others),
    next: new Map(letters.map((letter) => [letter, combine(after(a, letter), after(b, letter), is)])),
  };
}

function after(set: PathSet, letter: string): PathSet {
  return set.next.get(letter) ?? (set.others ? ALL : NONE);
}

export function isNone({ end, others, next }: PathSet): boolean {
  return !end && !others && [...next.values()].every(isNone);
}

function isAll({ end, others, next }: PathSet): boolean {
  return end && others && [...next.values()].every(isAll);
}

/** The set as exact texts and `prefix*`; undefined where these cannot say it. */
export function patternsOf(set: PathSet, prefix = ""): string[] | undefined {
  if (isAll(set)) return [`${prefix}*`];
  if (set.others) return undefined;
  const below = [...set.next].map(([letter, rest]) => patternsOf(rest, prefix + letter));
  const known = below.flatMap((patterns) => patterns ?? []);
  return below.includes(undefined) ? undefined : [...(set.end ? [prefix] : []), ...known];
}

/** A part of a regular expression: texts of which one stands here. */
type Part =
  | { readonly kind: "letter"; readonly letter: string }
  | { readonly kind: "not"; readonly letters: readonly string[] }
  | { readonly kind: "any"; readonly least: 0 | 1 }
  | { readonly kind: "either"; readonly of: readonly (readonly Part[])[] };

const DEEPEST = 300;

/** The texts that a regular expression matches as a whole; undefined for one that is not of the simple kind. */
export function matching(regex: string): PathSet | undefined {
  const parts = partsOf(regex.replace(/^\^/, "").replace(/\$$/, ""));
  return parts === undefined ? undefined : setOf(parts, 0);
}

/** The same of the texts read backwards, for expressions of how texts end. */
export function matchingBackwards(regex: string): PathSet | undefined {
  const parts = partsOf(regex.replace(/^\^/, "").replace(/\$$/, ""));
  return parts === undefined ? undefined : setOf(reversed(parts), 0);
}

function reversed(parts: readonly Part[]): Part[] {
  return [...parts]
    .reverse()
    .map((part) => (part.kind === "either" ? { kind: "either", of: part.of.map(reversed) } : part));
}

function setOf([first, ...rest]: readonly Part[], depth: number): PathSet | undefined {
  if (depth > DEEPEST) return undefined;
  if (first === undefined) return EMPTY_TEXT;
  switch (first.kind) {
    case "letter": {
      const below = setOf(rest, depth + 1);
      return below === undefined ? undefined : before([first.letter], below);
    }
    case "any":
      if (rest.length > 0) return undefined;
      return first.least === 0 ? ALL : { end: false, others: true, next: new Map() };
    case "not": {
      const [only, second] = rest;
      if (only?.kind !== "any" || only.least !== 0 || second !== undefined) return undefined;
      return { end: false, others: true, next: new Map(first.letters.map((letter) => [letter, NONE])) };
    }
    case "either": {
      const sets = first.of.map((parts) => setOf([...parts, ...rest], depth + 1));
      if (sets.includes(undefined)) return undefined;
      return sets.reduce<PathSet>((all, set) => union(all, set ?? NONE), NONE);
    }
  }
}

/** Undefined for anything but letters, `[^…]`, `.*`, `.+` and groups of alternatives. */
function partsOf(regex: string): Part[] | undefined {
  const tokens = regex.match(/\\.|\(\?:|\[\^(?:\\.|[^\]\\])+\]|\.\*|\.\+|./gsu) ?? [];
  const read = alternatives(tokens, 0);
  if (read?.next !== tokens.length) return undefined;
  const [only, second] = read.of;
  return only !== undefined && second === undefined ? [...only] : [{ kind: "either", of: read.of }];
}

interface Read {
  readonly of: readonly (readonly Part[])[];
  readonly next: number;
}

function alternatives(tokens: readonly string[], from: number): Read | undefined {
  const of: Part[][] = [[]];
  for (let i = from; i < tokens.length;) {
    const token = tokens[i] ?? "";
    if (token === ")") return { of, next: i };
    if (token === "|") {
      of.push([]);
      i++;
      continue;
    }
    if (token === "(?:") {
      const inner = alternatives(tokens, i + 1);
      if (inner === undefined || tokens[inner.next] !== ")") return undefined;
      of.at(-1)?.push({ kind: "either", of: inner.of });
      i = inner.next + 1;
      continue;
    }
    const part = partOf(token);
    if (part === undefined) return undefined;
    of.at(-1)?.push(part);
    i++;
  }
  return { of, next: tokens.length };
}

function partOf(token: string): Part | undefined {
  if (token === ".*") return { kind: "any", least: 0 };
  if (token === ".+") return { kind: "any", least: 1 };
  if (token.startsWith("[^")) {
    const letters = token.slice(2, -1).match(/\\.|./gsu) ?? [];
    return { kind: "not", letters: letters.map((l) => (l.startsWith("\\") ? l.slice(1) : l)) };
  }
  if (token.startsWith("\\"))
    return /^\\[A-Za-z0-9]/.test(token) ? undefined : { kind: "letter", letter: token.slice(1) };
  return /^[.*+?()[\]{}|^$]$/.test(token) ? undefined : { kind: "letter", letter: token };
}
