import type { FieldPath } from "../../lib";
import { contentText } from "../intent/order";
import { bySpecificity, grpcSpecificity, specificity, type Specificity } from "../intent/specificity";
import type { GrpcRoute, HttpRoute, PathMatch, Redirect, RequestRule, Rewrite } from "../intent/types";
import { grpcMatches, httpMatches } from "./matching";
import { eachOnce } from "./place";
import type { Seen } from "./request";

export type RequestRoute = HttpRoute | GrpcRoute;

/** The rule that decides about a request. */
export interface Chosen {
  readonly kind: RequestRoute["kind"];
  readonly rule: RequestRule & { readonly rewrite?: Rewrite; readonly redirect?: Redirect };
  /** What the path matched; a rule of gRPC calls matches any. */
  readonly path: PathMatch;
  /** The rule and its match. */
  readonly because: readonly FieldPath[];
}

interface Candidate extends Chosen {
  readonly rank: Specificity;
}

/** What a path is said to be where nothing is said. */
export const ANY_PATH: PathMatch = { kind: "prefix", value: "/" };

/**
 * The rule with the most specific match of all that hold. Between equals the earlier rule of a route wins; between
 * equals of two routes, which only differ in what rules cannot compare, the one whose content comes first.
 */
export function select(routes: readonly RequestRoute[], request: Seen): Chosen | undefined {
  // A sort of few: what is compared is the same however the routes were ordered.
  const ordered =
    routes.length < 2 ? routes : [...routes].sort((a, b) => (contentText(a) < contentText(b) ? -1 : 1));
  let best: Candidate | undefined;
  for (const candidate of ordered.flatMap((route) => candidates(route, request))) {
    if (best === undefined || bySpecificity(candidate.rank, best.rank) < 0) best = candidate;
  }
  return best;
}

/** The rules of a route that hold for a request, once for each match that does. */
function candidates(route: RequestRoute, request: Seen): Candidate[] {
  if (route.kind === "http") {
    return route.rules.flatMap((rule) =>
      rule.matches
        .filter((match) => httpMatches(match, request))
        .map((match) => ({
          kind: route.kind,
          rule,
          path: match.path,
          because: eachOnce([rule.at, match.at]),
          rank: specificity(match),
        })),
    );
  }
  return route.rules.flatMap((rule) =>
    rule.matches
      .filter((match) => grpcMatches(match, request))
      .map((match) => ({
        kind: route.kind,
        rule,
        path: ANY_PATH,
        because: eachOnce([rule.at, match.at]),
        rank: grpcSpecificity(match),
      })),
  );
}
