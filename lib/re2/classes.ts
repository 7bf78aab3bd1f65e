import { NotRe2, type CharacterSet } from "./tree";

export const any: CharacterSet = () => true;
export const notNewline: CharacterSet = (c) => c !== 10;
const digit = between("09");
const space = oneOf("\t\n\f\r ");
export const word = either([between("az"), between("AZ"), digit, oneOf("_")]);

/** `\d` and the like, by their letter. */
export const PERL: Readonly<Record<string, CharacterSet>> = {
  d: digit,
  D: not(digit),
  s: space,
  S: not(space),
  w: word,
  W: not(word),
};

/** `[[:alpha:]]` and the like, by their name. */
export const POSIX: Readonly<Record<string, CharacterSet>> = {
  alnum: either([between("az"), between("AZ"), digit]),
  alpha: either([between("az"), between("AZ")]),
  ascii: range(0, 0x7f),
  blank: oneOf("\t "),
  cntrl: either([range(0, 0x1f), range(0x7f, 0x7f)]),
  digit,
  graph: range(0x21, 0x7e),
  lower: between("az"),
  print: range(0x20, 0x7e),
  punct: either([range(0x21, 0x2f), range(0x3a, 0x40), range(0x5b, 0x60), range(0x7b, 0x7e)]),
  space: oneOf("\t\n\v\f\r "),
  upper: between("AZ"),
  word,
  xdigit: either([digit, between("af"), between("AF")]),
};

/** A general category or a script of Unicode, `L` or `Greek`. */
export function unicode(name: string): CharacterSet {
  if (name === "Any") return any;
  for (const property of [`gc=${name}`, `sc=${name}`]) {
    try {
      const pattern = new RegExp(`^\\p{${property}}$`, "u");
      return (c) => pattern.test(String.fromCodePoint(c));
    } catch {
      // Not of this kind.
    }
  }
  throw new NotRe2(`no Unicode property is called ${name}`);
}

export function range(first: number, last: number): CharacterSet {
  return (c) => c >= first && c <= last;
}

function between([first = "", last = ""]: string): CharacterSet {
  return range(first.charCodeAt(0), last.charCodeAt(0));
}

function oneOf(characters: string): CharacterSet {
  const codes = new Set([...characters].map((c) => c.charCodeAt(0)));
  return (c) => codes.has(c);
}

export function either(sets: readonly CharacterSet[]): CharacterSet {
  return (c) => sets.some((holds) => holds(c));
}

export function not(set: CharacterSet): CharacterSet {
  return (c) => !set(c);
}

/** The set with the other case of all that is in it. */
export function anyCase(set: CharacterSet): CharacterSet {
  return (c) => {
    if (set(c)) return true;
    const text = String.fromCodePoint(c);
    return [text.toLowerCase(), text.toUpperCase()].some((other) => {
      const code = other.codePointAt(0);
      return code !== undefined && code !== c && String.fromCodePoint(code) === other && set(code);
    });
  };
}
