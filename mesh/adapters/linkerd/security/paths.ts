import { byText } from "../../../../lib";

/** A pattern of an access: exact, `prefix*` or `*suffix`; `*` for every path. `grant` says what it lets in. */
export interface PathGrant {
  readonly grant: string;
  readonly pattern: string;
}

/** Paths of which the same grants hold: all that match one of `regexes`, and no others. */
export interface PathClass {
  readonly grants: readonly string[];
  /** Of the whole path, anchored. */
  readonly regexes: readonly string[];
}

/**
 * Every path there is, parted by which grants hold for it; each path is in exactly one class. Linkerd judges a request
 * by one route alone, and breaks ties between routes by their age, so the routes must not overlap.
 * Undefined where exact paths or prefixes meet suffixes, of which no such regular expressions are made here.
 */
export function partition(grants: readonly PathGrant[]): readonly PathClass[] | undefined {
  const suffixed = grants.filter((g) => g.pattern.startsWith("*") && g.pattern !== "*");
  const others = grants.filter((g) => !suffixed.includes(g) && g.pattern !== "*");
  if (suffixed.length > 0 && others.length > 0) return undefined;
  const root = node();
  for (const { grant, pattern } of grants) insert(root, { grant, pattern, mirrored: suffixed.length > 0 });
  const mirror = suffixed.length > 0;
  const classes = walk(root, { inherited: new Set(), mirror });
  return [...classes]
    .sort(([a], [b]) => byText(a, b))
    .map(([key, alternatives]) => ({
      grants: key === "" ? [] : key.split(SEPARATOR),
      regexes: joined(alternatives).map((regex) => `^${regex}$`),
    }));
}

const SEPARATOR = "\n";

/** One character further into the texts that patterns begin with (or end with, if mirrored). */
interface Node {
  readonly children: Map<string, Node>;
  /** Hold for the text that ends here. */
  readonly exact: Set<string>;
  /** Hold for every text that goes through here. */
  readonly through: Set<string>;
}

function node(): Node {
  return { children: new Map(), exact: new Set(), through: new Set() };
}

function insert(
  root: Node,
  { grant, pattern, mirrored }: { grant: string; pattern: string; mirrored: boolean },
): void {
  const open = pattern.startsWith("*") || pattern.endsWith("*");
  const text = pattern.replace(/^\*|\*$/, "");
  const letters = mirrored ? [...text].reverse() : [...text];
  let at = root;
  for (const letter of letters) {
    const next = at.children.get(letter) ?? node();
    at.children.set(letter, next);
    at = next;
  }
  (open ? at.through : at.exact).add(grant);
}

interface Walk {
  readonly inherited: ReadonlySet<string>;
  readonly mirror: boolean;
}

/** What may follow from here, by which grants hold for it then: alternatives of a regular expression. */
function walk(at: Node, { inherited, mirror }: Walk): Map<string, readonly string[]> {
  const through = new Set([...inherited, ...at.through]);
  const classes = new Map<string, string[]>();
  const add = (key: string, alternative: string): void => {
    classes.set(key, [...(classes.get(key) ?? []), alternative]);
  };
  add(keyOf([...through, ...at.exact]), "");
  const letters = [...at.children.keys()].sort(byText);
  add(keyOf([...through]), stray(letters, mirror));
  for (const letter of letters) {
    const child = at.children.get(letter) ?? node();
    for (const [key, alternatives] of walk(child, { inherited: through, mirror })) {
      for (const rest of joined(alternatives)) {
        add(key, mirror ? `${rest}${escape(letter)}` : `${escape(letter)}${rest}`);
      }
    }
  }
  const [only, ...several] = [...classes.keys()];
  // What follows makes no difference from here on.
  return several.length === 0 && only !== undefined ? new Map([[only, [".*"]]]) : classes;
}

/** Texts that leave the tree here. */
function stray(letters: readonly string[], mirror: boolean): string {
  if (letters.length === 0) return ".+";
  const other = `[^${letters.map(escape).join("")}]`;
  return mirror ? `.*${other}` : `${other}.*`;
}

/** A path of a route has at most 1024 characters; there is room left for what comes before. */
const LONG = 600;

/** The alternatives as few regular expressions that are not too long. */
function joined(alternatives: readonly string[]): readonly string[] {
  const groups: string[][] = [];
  let room = 0;
  for (const alternative of alternatives) {
    room -= alternative.length + 1;
    const last = groups.at(-1);
    if (last !== undefined && room >= 0) last.push(alternative);
    else {
      groups.push([alternative]);
      room = LONG - alternative.length;
    }
  }
  return groups.map((group) => (group.length === 1 ? group.join("") : `(?:${group.join("|")})`));
}

function keyOf(grants: readonly string[]): string {
  return [...new Set(grants)].sort(byText).join(SEPARATOR);
}

/** Any punctuation of ASCII may be escaped, but for < and >. */
function escape(letter: string): string {
  return /[A-Za-z0-9_/<>]|[^\x20-\x7e]/.test(letter) ? letter : `\\${letter}`;
}
