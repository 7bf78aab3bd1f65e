import { any, anyCase, not, notNewline, range } from "./classes";
import { bracketed, codeOf, escape } from "./escapes";
import { Reader } from "./reader";
import { NotRe2, type CharacterSet, type Place, type Tree } from "./tree";

/** `i`: any case. `m`: `^` and `$` are of lines. `s`: `.` is a newline too. */
interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

const MOST_REPEATS = 1000;
const DEEPEST = 200;

const PLACES: Readonly<Record<string, Place>> = {
  A: "textStart",
  z: "textEnd",
  b: "wordEdge",
  B: "noWordEdge",
};

/** Reads an expression in RE2's syntax; throws `NotRe2` for any other. */
export function parse(source: string): Tree {
  const reader = new Reader(source);
  const parser = new Parser(reader);
  const tree = parser.choice({ i: false, m: false, s: false }, 0);
  if (!reader.done) throw new NotRe2("a parenthesis too many");
  return tree;
}

class Parser {
  private readonly names = new Set<string>();

  constructor(private readonly reader: Reader) {}

  /** Up to the end or a closing parenthesis. Flags that are set within hold up to there. */
  choice(flags: Flags, depth: number): Tree {
    if (depth > DEEPEST) throw new NotRe2("nested too deep");
    const branches: Tree[] = [];
    let current = flags;
    let parts: Tree[] = [];
    for (;;) {
      if (this.reader.done || this.reader.startsWith(")")) break;
      if (this.reader.skip("|")) {
        branches.push(sequence(parts));
        parts = [];
        continue;
      }
      const set = this.flagsAlone(current);
      if (set !== undefined) {
        current = set;
        continue;
      }
      const atoms = this.atoms(current, depth);
      const last = atoms.pop();
      parts.push(...atoms, ...(last === undefined ? [] : [this.repeated(last)]));
    }
    if (branches.length === 0) return sequence(parts);
    return { kind: "choice", parts: [...branches, sequence(parts)] };
  }

  /** `(?i)` and the like. */
  private flagsAlone(flags: Flags): Flags | undefined {
    const found = this.reader.takeMatch(/^\(\?([imsU]*)(?:-([imsU]+))?\)/);
    if (found === null) return undefined;
    if (found[1] === "" && found[2] === undefined) throw new NotRe2("no flag");
    return withFlags(flags, found);
  }

  /** One thing, or the many characters of a quotation, of which a repetition takes the last. */
  private atoms(flags: Flags, depth: number): Tree[] {
    const { reader } = this;
    if (reader.skip("\\Q")) {
      const quoted: Tree[] = [];
      while (!reader.done && !reader.skip("\\E")) quoted.push(characters(is(reader.take()), flags));
      return quoted;
    }
    if (reader.skip("(")) return [this.group(flags, depth)];
    if (this.repetition() !== undefined) throw new NotRe2("nothing to repeat");
    const next = reader.take();
    switch (next) {
      case ".":
        return [{ kind: "character", holds: flags.s ? any : notNewline }];
      case "^":
        return [{ kind: "place", place: flags.m ? "lineStart" : "textStart" }];
      case "$":
        return [{ kind: "place", place: flags.m ? "lineEnd" : "textEnd" }];
      case "[": {
        const { holds, negated } = bracketed(reader);
        const cased = flags.i ? anyCase(holds) : holds;
        return [{ kind: "character", holds: negated ? not(cased) : cased }];
      }
      case "\\":
        return [this.escaped(flags)];
      default:
        return [characters(is(next), flags)];
    }
  }

  private escaped(flags: Flags): Tree {
    const place = PLACES[this.reader.peek()];
    if (place !== undefined) {
      this.reader.take();
      return { kind: "place", place };
    }
    const found = escape(this.reader);
    return characters(typeof found === "number" ? range(found, found) : found, flags);
  }

  /** The opening parenthesis has been read. */
  private group(flags: Flags, depth: number): Tree {
    let inner = flags;
    const named = this.reader.takeMatch(/^\?P?<(\w+)>/);
    const flagged = named === null ? this.reader.takeMatch(/^\?([imsU]*)(?:-([imsU]+))?:/) : null;
    if (named !== null) this.name(named[1] ?? "");
    else if (flagged !== null) inner = withFlags(flags, flagged);
    else if (this.reader.startsWith("?")) throw new NotRe2("a group of no kind that RE2 has");
    const tree = this.choice(inner, depth + 1);
    if (!this.reader.skip(")")) throw new NotRe2("a parenthesis too few");
    return tree;
  }

  private name(name: string): void {
    if (this.names.has(name)) throw new NotRe2(`two groups are called ${name}`);
    this.names.add(name);
  }

  private repeated(part: Tree): Tree {
    const often = this.repetition();
    if (often === undefined) return part;
    // How greedy it is makes no difference to whether it matches.
    this.reader.skip("?");
    if (this.repetition() !== undefined) throw new NotRe2("a repetition of a repetition");
    const tree: Tree = { kind: "repeat", part, ...often };
    if (counted(tree) > MOST_REPEATS) throw new NotRe2(`more than ${MOST_REPEATS} repetitions`);
    return tree;
  }

  private repetition(): { least: number; most?: number } | undefined {
    const { reader } = this;
    if (reader.skip("*")) return { least: 0 };
    if (reader.skip("+")) return { least: 1 };
    if (reader.skip("?")) return { least: 0, most: 1 };
    const found = reader.takeMatch(/^\{(\d+)(?:(,)(\d*))?\}/);
    if (found === null) return undefined;
    const least = Number(found[1]);
    if (found[2] === undefined) return bounded(least, least);
    return found[3] === "" ? bounded(least) : bounded(least, Number(found[3]));
  }
}

function bounded(least: number, most?: number): { least: number; most?: number } {
  if (Math.max(least, most ?? 0) > MOST_REPEATS || (most !== undefined && most < least)) {
    throw new NotRe2("a repetition that is none");
  }
  return most === undefined ? { least } : { least, most };
}

/** How often the innermost part of nested counted repetitions is written out. */
function counted(tree: Tree): number {
  switch (tree.kind) {
    case "repeat":
      return Math.max(1, tree.most ?? tree.least) * counted(tree.part);
    case "sequence":
    case "choice":
      return tree.parts.reduce((most, part) => Math.max(most, counted(part)), 1);
    default:
      return 1;
  }
}

function withFlags(flags: Flags, [, on = "", off = ""]: RegExpExecArray): Flags {
  const flag = (name: keyof Flags): boolean => !off.includes(name) && (on.includes(name) || flags[name]);
  return { i: flag("i"), m: flag("m"), s: flag("s") };
}

function sequence(parts: readonly Tree[]): Tree {
  const [first] = parts;
  if (first === undefined) return { kind: "empty" };
  return parts.length === 1 ? first : { kind: "sequence", parts };
}

function characters(holds: CharacterSet, flags: Flags): Tree {
  return { kind: "character", holds: flags.i ? anyCase(holds) : holds };
}

function is(character: string): CharacterSet {
  const code = codeOf(character);
  return (c) => c === code;
}
