import fc from "fast-check";
import type { Diagnostic } from "../../../lib";
import { fromFirstMatch, type Entry } from "../../../mesh/decompile/first-match";
import { bySpecificity, specificity } from "../../../mesh/intent/specificity";
import type { Match, PathMatch, RouteRule } from "../../../mesh/intent/types";

const path = fc.constantFrom<PathMatch>(
  { kind: "prefix", value: "/" },
  { kind: "prefix", value: "/a" },
  { kind: "prefix", value: "/a/b" },
  { kind: "exact", value: "/a" },
  { kind: "exact", value: "/a/b" },
  { kind: "exact", value: "/c" },
);
const header = fc.constantFrom("x", "y", undefined);

function entry(
  place: number,
  { p, method, h }: { p: PathMatch; method: string | undefined; h: string | undefined },
): Entry {
  const headers = h === undefined ? [] : [{ name: "h", match: { kind: "exact" as const, value: h } }];
  const match: Match = {
    path: p,
    ...(method === undefined ? {} : { method }),
    headers,
    query: [],
    cookies: [],
    at: [place],
  };
  return {
    match,
    action: { backends: [{ service: `shop/s${place}`, weight: 1, at: [] }], mirrors: [], at: [place] },
  };
}

const entries = fc
  .array(fc.record({ p: path, method: fc.constantFrom("GET", undefined), h: header }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((all) => all.map((each, place) => entry(place, each)));

interface Asked {
  readonly path: string;
  readonly method: string;
  readonly h: string | undefined;
}

const REQUESTS: readonly Asked[] = ["/", "/a", "/a/", "/a/b", "/a/b/c", "/ab", "/c"].flatMap((p) =>
  ["GET", "PUT"].flatMap((method) => ["x", "y", "z", undefined].map((h) => ({ path: p, method, h }))),
);

function holds(match: Match, request: Asked): boolean {
  const { kind, value } = match.path;
  const below = value === "/" ? "/" : `${value}/`;
  const fits =
    kind === "exact" ? request.path === value : request.path === value || request.path.startsWith(below);
  const named = match.headers.every((h) => h.match.value === request.h);
  return fits && named && (match.method === undefined || match.method === request.method);
}

/** As an intent has it: the most specific match of all rules, the earlier rule between equal ones. */
function mostSpecific(rules: readonly RouteRule[], request: Asked): string | undefined {
  const fitting = rules.flatMap((rule) =>
    rule.matches.filter((m) => holds(m, request)).map((match) => ({ rule, match })),
  );
  const [best] = fitting.sort((a, b) => bySpecificity(specificity(a.match), specificity(b.match)));
  return best?.rule.backends[0]?.service;
}

test("every request goes where the first match of the list would have sent it", () => {
  fc.assert(
    fc.property(entries, (list) => {
      const losses: Diagnostic[] = [];
      const rules = fromFirstMatch(list, losses);
      for (const request of REQUESTS) {
        const first = list.find(({ match }) => holds(match, request))?.action.backends[0]?.service;
        expect([request, mostSpecific(rules, request)]).toEqual([request, first]);
      }
    }),
    { numRuns: 1500 },
  );
});

test("what cannot be told apart is said at the match that would win", () => {
  const general = entry(0, { p: { kind: "prefix", value: "/a" }, method: undefined, h: "x" });
  const special = entry(1, { p: { kind: "regex", value: "/a/[0-9]+" }, method: undefined, h: undefined });
  const losses: Diagnostic[] = [];
  fromFirstMatch([general, special], losses);
  expect(losses.map(({ code, path: at }) => [code, at])).toEqual([["changed", [1]]]);
});
