import fc from "fast-check";
import { partition, type PathGrant } from "../../../../mesh/adapters/linkerd/security/paths";

const text = fc.string({ unit: fc.constantFrom("/", "a", "b", ".", "-"), maxLength: 5 });
const grant = fc.constantFrom("x", "y", "z");
const beginnings = fc.array(
  fc.record({
    grant,
    pattern: fc.oneof(
      text.map((t) => `/${t}`),
      text.map((t) => `/${t}*`),
      fc.constant("*"),
    ),
  }),
  { maxLength: 6 },
);
const ends = fc.array(
  fc.record({
    grant,
    pattern: fc.oneof(
      text.map((t) => `*${t}b`),
      fc.constant("*"),
    ),
  }),
  { maxLength: 4 },
);
const path = text.map((t) => `/${t}`);

function holds(pattern: string, path: string): boolean {
  if (pattern.startsWith("*")) return path.endsWith(pattern.slice(1));
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function check(grants: readonly PathGrant[], path: string): void {
  const classes = partition(grants) ?? [];
  const matching = classes.filter((c) => c.regexes.some((regex) => new RegExp(regex).test(path)));
  const wanted = [...new Set(grants.filter((g) => holds(g.pattern, path)).map((g) => g.grant))].sort();
  expect(matching.map((c) => c.grants)).toEqual([wanted]);
}

test.each([
  ["exact paths and prefixes", beginnings],
  ["ends of paths", ends],
])("%s: every path is in one class, that of the grants that hold for it", (_, patterns) => {
  fc.assert(fc.property(patterns, path, check), { numRuns: 1000, seed: 3 });
});

test("ends beside beginnings cannot be told", () => {
  expect(
    partition([
      { grant: "x", pattern: "/a" },
      { grant: "y", pattern: "*b" },
    ]),
  ).toBeUndefined();
});

test("what one grant has to itself is written plainly", () => {
  const classes =
    partition([
      { grant: "x", pattern: "/reviews/*" },
      { grant: "y", pattern: "/a.b" },
    ]) ?? [];
  const of = (name: string): unknown => classes.find((c) => c.grants.includes(name))?.regexes;
  expect(of("x")).toEqual(["^/reviews/.*$"]);
  expect(of("y")).toEqual(["^/a\\.b$"]);
});

test("no expression is longer than a route takes, however long the paths", () => {
  const long = Array.from({ length: 20 }, (_, i) => `/api/v${i}/${"segment/".repeat(20)}`);
  const grants = long.map((p, i) => ({ grant: String(i % 3), pattern: i % 2 === 0 ? p : `${p}*` }));
  const regexes = (partition(grants) ?? []).flatMap((c) => c.regexes);
  expect(Math.max(...regexes.map((r) => r.length))).toBeLessThanOrEqual(1024);
  for (const path of long) check(grants, path);
  check(grants, `${long[3]}more`);
  check(grants, "/api/v3/segment/other");
});
