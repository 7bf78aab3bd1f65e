import type { NamedMatch, ValueMatch } from "../intent/types";
import { unquoteRegex } from "./values";

/** As our own adapters write cookies into a regular expression of the `cookie` header: every order an alternative. */
const BEFORE = "(?:.*;)?";
const AFTER = "(?:;.*)?";
const PAIR = /^ \*(.+?) \*= \*(.*) \*$/;

/** In other people's ways: something up to a semicolon, name=value, and something from the next semicolon on. */
const COMMON =
  /^\^?\((?:\?:)?(?:\.\*\??;?|\^\|\.\*;|\.\*;\s?|\.\*\??;\\s\*|\.\*\?;[^)]*|\.\*;[^)]*)\)\??([A-Za-z0-9!#$%&'*+.^_`~-]+)=(.*?)(?:\((?:\?:)?(?:;\.\*|\$\|;\.\*|;\.\*\|\$)\)\??)\$?$/;

/** The cookies that a regular expression of the `cookie` header asks for; undefined where it asks for something else. */
export function cookiesIn(pattern: string): NamedMatch[] | undefined {
  return ours(pattern) ?? theirs(pattern);
}

function ours(pattern: string): NamedMatch[] | undefined {
  if (!pattern.startsWith(BEFORE) || !pattern.endsWith(AFTER)) return undefined;
  const alternatives = pattern.slice(0, -AFTER.length).split(`${AFTER}|${BEFORE}`);
  const pairs = (alternatives[0] ?? "").slice(BEFORE.length).split(`;${BEFORE}`);
  const cookies = pairs.map((pair) => PAIR.exec(pair)).map((found) => namedBy(found?.[1], found?.[2]));
  const known = cookies.filter((cookie): cookie is NamedMatch => cookie !== undefined);
  return known.length === cookies.length ? known : undefined;
}

function theirs(pattern: string): NamedMatch[] | undefined {
  const [, name, value] = COMMON.exec(pattern) ?? [];
  const cookie = namedBy(name, value);
  return cookie === undefined ? undefined : [cookie];
}

function namedBy(name: string | undefined, value: string | undefined): NamedMatch | undefined {
  const plain = name === undefined ? undefined : unquoteRegex(name);
  if (plain === undefined || value === undefined || !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(plain))
    return undefined;
  return { name: plain, match: valueOf(value) };
}

/** A regular expression without operators is an exact match. */
function valueOf(pattern: string): ValueMatch {
  const grouped = /^\(\?:(.*)\)$/.exec(pattern)?.[1];
  if (grouped !== undefined) return { kind: "regex", value: grouped };
  const plain = unquoteRegex(pattern);
  return plain === undefined ? { kind: "regex", value: pattern } : { kind: "exact", value: plain };
}
