import { either, not, PERL, POSIX, range, unicode } from "./classes";
import type { Reader } from "./reader";
import { NotRe2, type CharacterSet } from "./tree";

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** What stands after a backslash, within or outside brackets: one character by its code, or a set. */
export function escape(reader: Reader): number | CharacterSet {
  const perl = PERL[reader.peek()];
  if (perl !== undefined) {
    reader.take();
    return perl;
  }
  const property = reader.takeMatch(/^([pP])(?:\{(\^?)(\w+)\}|(\w))/);
  if (property !== null) {
    const set = unicode(property[3] ?? property[4] ?? "");
    return (property[1] === "P") !== (property[2] === "^") ? not(set) : set;
  }
  return escapedCharacter(reader);
}

function escapedCharacter(reader: Reader): number {
  const hex = reader.takeMatch(/^x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,8})\})/);
  if (hex !== null) return codePoint(parseInt(hex[1] ?? hex[2] ?? "", 16));
  // One digit alone, but for 0, would be a reference back.
  const octal = reader.takeMatch(/^(0[0-7]{0,2}|[1-7][0-7]{1,2})/);
  if (octal !== null) return codePoint(parseInt(octal[0], 8));
  const next = reader.take();
  const control = CONTROLS[next];
  if (control !== undefined) return control;
  if (/^[\x00-\x7f]$/.test(next) && !/^[A-Za-z0-9]$/.test(next)) return codeOf(next);
  throw new NotRe2(`\\${next} means nothing`);
}

function codePoint(code: number): number {
  if (code > 0x10ffff) throw new NotRe2("no character has that code");
  return code;
}

export function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** What stands in brackets, the opening one read; the set of its characters, before any regard for case. */
export function bracketed(reader: Reader): { readonly holds: CharacterSet; readonly negated: boolean } {
  const negated = reader.skip("^");
  const sets: CharacterSet[] = [];
  // A closing bracket that comes first is a character.
  for (let first = true; first || !reader.startsWith("]"); first = false) {
    const posix = reader.takeMatch(/^\[:(\^?)(\w*):\]/);
    if (posix !== null) {
      const set = POSIX[posix[2] ?? ""];
      if (set === undefined) throw new NotRe2(`no class is called ${posix[2]}`);
      sets.push(posix[1] === "^" ? not(set) : set);
      continue;
    }
    sets.push(rangeOrOne(reader));
  }
  reader.take();
  return { holds: either(sets), negated };
}

function rangeOrOne(reader: Reader): CharacterSet {
  const first = member(reader);
  if (typeof first !== "number") return first;
  if (!reader.startsWith("-") || reader.peek(1) === "]" || reader.peek(1) === "") return range(first, first);
  reader.take();
  const last = member(reader);
  if (typeof last !== "number" || last < first) throw new NotRe2("a range that is none");
  return range(first, last);
}

function member(reader: Reader): number | CharacterSet {
  const next = reader.take();
  return next === "\\" ? escape(reader) : codeOf(next);
}
