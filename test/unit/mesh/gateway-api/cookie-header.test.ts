import fc from "fast-check";
import { cookieFaults, cookieHeader, withoutSemicolon } from "../../../../mesh/gateway-api/cookie-header";
import type { Match, NamedMatch } from "../../../../mesh/intent/types";
import { httpMatches } from "../../../../mesh/semantics/matching";

const match = (cookies: readonly NamedMatch[], headers: readonly NamedMatch[] = []): Match => ({
  at: ["match"],
  path: { kind: "prefix", value: "/" },
  headers,
  query: [],
  cookies,
});
const cookie = (name: string, kind: "exact" | "regex", value: string): NamedMatch => ({
  name,
  match: { kind, value },
});
/** What the intent means, by the reference. */
const means = (cookies: readonly NamedMatch[], header: string): boolean =>
  httpMatches(match(cookies), { method: "GET", path: "/", host: "", headers: new Map([["cookie", header]]) });
/** What a proxy makes of the header's expression. */
const says = (cookies: readonly NamedMatch[], header: string): boolean =>
  new RegExp(`^(?:${cookieHeader(cookies)})$`).test(header);

test("a cookie is found wherever it stands, and no other that ends or begins like it", () => {
  const user = [cookie("user", "exact", "jason")];
  for (const [header, found] of [
    ["user=jason", true],
    ["a=b; user=jason; c=d", true],
    ["a=b;user = jason ;c=d", true],
    ["xuser=jason", false],
    ["user=jasons", false],
    ["a=user=jason", false],
  ] as const) {
    expect([header, says(user, header)]).toEqual([header, found]);
  }
});

test("an expression of a header holds for just the cookies that the intent means, however many clients send", () => {
  const part = fc.constantFrom("a", "b", "ab", "a b", "", "x=y", "[a]", "a.b");
  const name = fc.constantFrom("a", "b", "user");
  const wanted = fc.oneof(
    fc.record({
      name,
      match: fc.record({
        kind: fc.constant("exact" as const),
        value: fc.constantFrom("a", "a b", "a.b", "[a]"),
      }),
    }),
    fc.record({
      name,
      match: fc.record({
        kind: fc.constant("regex" as const),
        value: fc.constantFrom(".*", "a|b", "[^b]+", "\\S+", "\\W*", "a.b"),
      }),
    }),
  );
  const header = fc.array(fc.tuple(name, part, fc.constantFrom("; ", ";", ";  "))).map((all) =>
    all
      .map(([n, v, end]) => `${n}=${v}${end}`)
      .join("")
      .replace(/ *; *$/, ""),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(wanted, { selector: (c) => c.name, minLength: 1, maxLength: 3 }),
      header,
      (cookies, text) => {
        expect(says(cookies, text)).toBe(means(cookies, text));
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  [".*", "[^;]*"],
  ["a\\.b", "a\\.b"],
  ["[^a-c]+", "[^;a-c]+"],
  ["\\S\\D", "[^;\\s][^;\\d]"],
  ["[a-z0-9]+", "[a-z0-9]+"],
])("%s is kept within its cookie as %s", (regex, kept) => {
  expect(withoutSemicolon(regex)).toBe(kept);
});

test.each([["a;b"], ["[ -~]+"], ["[;]"], ["[\\W]"], ["[[:punct:]]"], ["\\x3b"], ["\\pP"]])(
  "%s may leave its cookie, which is refused",
  (regex) => {
    expect(withoutSemicolon(regex)).toBeUndefined();
    expect(cookieFaults(match([cookie("a", "regex", regex)]))).toMatchObject([
      { code: "unsupported-cookie-match" },
    ]);
  },
);

test("four cookies, and cookies beside the header cookie, are refused", () => {
  const four = ["a", "b", "c", "d"].map((name) => cookie(name, "exact", "1"));
  expect(cookieFaults(match(four))).toHaveLength(1);
  expect(cookieFaults(match(four.slice(1)))).toEqual([]);
  expect(cookieFaults(match(four.slice(3), [cookie("cookie", "exact", "x")]))).toHaveLength(1);
});
