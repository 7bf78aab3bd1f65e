import fc from "fast-check";
import {
  beginning,
  exactly,
  matching,
  minus,
  patternsOf,
  union,
  type PathSet,
} from "../../../mesh/decompile/linkerd/path-set";

function has(set: PathSet, text: string): boolean {
  const [letter, ...rest] = text;
  if (letter === undefined) return set.end;
  const next = set.next.get(letter);
  return next === undefined ? set.others : has(next, rest.join(""));
}

const text = fc.string({ unit: fc.constantFrom("/", "a", "b"), maxLength: 4 });
const part = fc.oneof(
  text.map((t) => ({ t, prefix: true })),
  text.map((t) => ({ t, prefix: false })),
);
const setOf = ({ t, prefix }: { t: string; prefix: boolean }): PathSet =>
  prefix ? beginning(t) : exactly(t);
const hold = ({ t, prefix }: { t: string; prefix: boolean }, asked: string): boolean =>
  prefix ? asked.startsWith(t) : asked === t;

test("sets joined and taken from each other hold just what they should", () => {
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 4 }),
      fc.array(part, { maxLength: 3 }),
      text,
      (with_, without, asked) => {
        const set = minus(
          with_.map(setOf).reduce(union, exactly("never")),
          without.map(setOf).reduce(union, exactly("never")),
        );
        const expected = with_.some((p) => hold(p, asked)) && !without.some((p) => hold(p, asked));
        expect(has(set, asked)).toBe(expected);
      },
    ),
  );
});

test("the patterns of a set name just its texts", () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), text, (parts, asked) => {
      const patterns = patternsOf(parts.map(setOf).reduce(union));
      const named = patterns?.some((p) => (p.endsWith("*") ? asked.startsWith(p.slice(0, -1)) : asked === p));
      expect(named).toBe(parts.some((p) => hold(p, asked)));
    }),
  );
});

test.each(["^/a$", "^/a/.*$", "^/(?:a|b.*)$", "^/[^ab].*$", "^/(?:|[^a].*|a(?:|[^\\/].*))$", "^/a.+$"])(
  "a regular expression of the simple kind is the set of what it matches: %s",
  (regex) => {
    const set = matching(regex);
    fc.assert(
      fc.property(text, (asked) => {
        expect(set === undefined ? "unread" : has(set, asked)).toBe(new RegExp(regex).test(asked));
      }),
    );
  },
);

test.each(["^/a?$", "^/[0-9]+$", "^/a{2}$", "^(a|b)$", "^/\\d$", "^/.*x$"])(
  "others are not read: %s",
  (regex) => {
    expect(matching(regex)).toBeUndefined();
  },
);
