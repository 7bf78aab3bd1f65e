import { groupBy, type JsonObject } from "../../../../lib";
import { bySpecificity, grpcSpecificity, specificity, type Specificity } from "../../../intent/specificity";
import type {
  GrpcMatch,
  GrpcRoute,
  GrpcRule,
  HttpRoute,
  Match,
  Route,
  RouteRule,
  Service,
} from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { consulName, entry } from "../names";
import type { Site } from "../site";
import { destinationOf, NO_TIMEOUT } from "./destination";
import { matchOf } from "./match";
import { grpcPath, pathRoutes, type PathRoute } from "./paths";
import { targetOf, type Target } from "./splits";

export type RequestRoute = HttpRoute | GrpcRoute;

/** One match of a rule, and where the rule's requests go. */
export interface Ranked {
  readonly rule: RouteRule | GrpcRule;
  readonly match: Match | GrpcMatch;
  readonly paths: readonly PathRoute[];
  readonly rank: Specificity;
}

/** The routes of requests for each service that has some. */
export function routesOfServices({
  routes,
}: {
  readonly routes: readonly Route[];
}): ReadonlyMap<string, readonly RequestRoute[]> {
  const requests = routes.flatMap((route) =>
    (route.kind === "http" || route.kind === "grpc") && route.for.kind === "service"
      ? [{ route, service: route.for.service }]
      : [],
  );
  return new Map(
    [...groupBy(requests, (r) => r.service)].map(([service, own]) => [service, own.map((r) => r.route)]),
  );
}

/**
 * Every match of some routes, the most specific first: Consul takes the first that holds. The sort is stable, so that
 * equally specific ones keep the order in which they were written.
 */
export function ranked(routes: readonly RequestRoute[]): Ranked[] {
  return routes.flatMap(ofRoute).sort((a, b) => bySpecificity(a.rank, b.rank));
}

function ofRoute(route: RequestRoute): Ranked[] {
  if (route.kind === "http") {
    return route.rules.flatMap((rule) =>
      rule.matches.map((match) => ({
        rule,
        match,
        paths: pathRoutes(match.path, rule.rewrite),
        rank: specificity(match),
      })),
    );
  }
  return route.rules.flatMap((rule) =>
    rule.matches.map((match) => ({ rule, match, paths: [grpcPath(match)], rank: grpcSpecificity(match) })),
  );
}

/** The targets of some routes' rules, in the order of the routes. */
export function targetsOf(service: Service, routes: readonly RequestRoute[], site: Site): Targets {
  const targets = new Map<RouteRule | GrpcRule, Target>();
  for (const { rules } of routes)
    for (const rule of rules) targets.set(rule, targetOf(consulName(service), rule.backends, site));
  return targets;
}

export type Targets = ReadonlyMap<RouteRule | GrpcRule, Target>;

/**
 * One router for a service, with the rules of all its routes. Without any it says that requests take as long as they
 * take: left to itself, Envoy would end them after 15 s.
 */
export function router(service: Service, routes: readonly RequestRoute[], targets: Targets): KubeObject {
  const entries: JsonObject[] = [];
  for (const { rule, match, paths } of ranked(routes)) {
    const target = targets.get(rule);
    if (target === undefined) continue;
    for (const path of paths) {
      const destination = destinationOf(rule, target, path.rewrite);
      const asked = matchOf(path, match);
      entries.push(asked === undefined ? { destination } : { destination, match: asked });
    }
  }
  return entry("ServiceRouter", {
    name: consulName(service),
    namespace: service.namespace,
    spec: { routes: entries.length > 0 ? entries : [{ destination: { requestTimeout: NO_TIMEOUT } }] },
  });
}
