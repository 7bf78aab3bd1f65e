import { formatPath, groupBy, warningAt, type Diagnostic } from "../../lib";
import { contentText } from "../intent/order";
import { matchKey } from "../intent/specificity";
import { isHttpRoute, type GrpcMatch, type Match, type Route } from "../intent/types";
import type { Rule } from "./types";

export const unreachableRule: Rule = {
  code: "unreachable-rule",
  title: "Every match of a rule takes some request that no earlier or more specific rule takes.",
  check: ({ intent }) => [...intent.routes.flatMap(repeated), ...behindExpressions(intent.routes)],
};

/** A match that is in an earlier rule of its route already. */
function repeated(route: Route): Diagnostic[] {
  if (route.kind !== "http" && route.kind !== "grpc") return [];
  const earlier = new Map<string, Match | GrpcMatch>();
  return route.rules.flatMap((rule) =>
    rule.matches.flatMap((match: Match | GrpcMatch) => {
      const key = matchKey(match);
      const first = earlier.get(key);
      if (first === undefined) earlier.set(key, match);
      return first === undefined ? [] : [unreachable(match, first)];
    }),
  );
}

/** Regular expressions come before prefixes, so one that takes every path leaves nothing to any prefix. */
function behindExpressions(routes: readonly Route[]): Diagnostic[] {
  const places = groupBy(routes.filter(isHttpRoute), ({ for: target }) => contentText(target));
  return [...places.values()].flatMap((group) => {
    const matches = group.flatMap((route) => route.rules.flatMap((rule) => rule.matches));
    const greedy = matches.filter(({ path }) => path.kind === "regex" && EVERY_PATH.has(path.value));
    if (greedy.length === 0) return [];
    return matches
      .filter(({ path }) => path.kind === "prefix")
      .flatMap((match) => {
        const taker = greedy.find((one) => asksNoMore(one, match));
        return taker === undefined ? [] : [unreachable(match, taker)];
      });
  });
}

const EVERY_PATH = new Set([".*", "/.*", ".+", "^.*$", "^/.*$", "^.*", "^/.*", ".*$", "/.*$"]);

/** Whether all that one match asks for beside the path, another asks for too. */
function asksNoMore(one: Match, other: Match): boolean {
  if (one.method !== undefined && one.method !== other.method) return false;
  return (["headers", "query", "cookies"] as const).every((part) => {
    const asked = new Set(other[part].map(contentText));
    return one[part].every((each) => asked.has(contentText(each)));
  });
}

function unreachable(match: Match | GrpcMatch, taker: Match | GrpcMatch): Diagnostic {
  return warningAt(match.at, {
    code: "unreachable-rule",
    message: `the match at ${formatPath(taker.at)} takes every request that this one could`,
    hint: "take it out, or make it ask for more than the other",
  });
}
