import type { JsonObject } from "../../lib";
import type { Backend, GrpcMatch, GrpcRule, Match, RequestRule, Retry, RouteRule } from "../intent/types";
import { backendRef } from "./backends";
import { gatewayDuration } from "./duration";
import { headerFilters, mirrorFilter, redirectFilter, rewriteFilter, type RuleSite } from "./filters";
import { grpcMatch, httpMatch } from "./matches";
import type { Dialect } from "./types";

/** `HTTPRoute.spec.rules[]` for some matches of a rule. All of them must have the path that is to be changed, if any. */
export function httpRule(
  rule: RouteRule | GrpcRule,
  { matches, site, dialect }: { matches: readonly Match[]; site: RuleSite; dialect: Dialect },
): JsonObject {
  const filters = [...commonFilters(rule, site), ...pathFilters(rule, matches)];
  return {
    ...backendRefs(rule.backends, site),
    ...(filters.length === 0 ? {} : { filters }),
    matches: matches.map(httpMatch),
    ...(rule.retry === undefined || !dialect.retry ? {} : { retry: retryOf(rule.retry) }),
    ...timeouts(rule),
  };
}

/** `GRPCRoute.spec.rules[]`, which has neither timeouts nor retries. */
export function grpcRule(
  rule: RequestRule,
  { matches, site }: { matches: readonly GrpcMatch[]; site: RuleSite },
): JsonObject {
  const filters = commonFilters(rule, site);
  const said = matches.map(grpcMatch).filter((m) => Object.keys(m).length > 0);
  return {
    ...(said.length < matches.length ? {} : { matches: said }),
    ...(filters.length === 0 ? {} : { filters }),
    ...backendRefs(rule.backends, site),
  };
}

/** `backendRefs` of any route, with their weights. */
export function backendRefs(backends: readonly Backend[], site: RuleSite): JsonObject {
  if (backends.length === 0) return {};
  return {
    backendRefs: backends.map((backend) => ({
      ...backendRef(backend, site),
      ...(backends.length === 1 ? {} : { weight: backend.weight }),
    })),
  };
}

function commonFilters({ headers, mirrors }: RequestRule, site: RuleSite): JsonObject[] {
  return [...headerFilters(headers), ...mirrors.map((mirror) => mirrorFilter(mirror, site))];
}

function pathFilters(rule: RouteRule | GrpcRule, [match]: readonly Match[]): JsonObject[] {
  if (match === undefined) return [];
  const rewrite = "rewrite" in rule ? rule.rewrite : undefined;
  const redirect = "redirect" in rule ? rule.redirect : undefined;
  return [
    ...(rewrite === undefined ? [] : [rewriteFilter(rewrite, match.path)]),
    ...(redirect === undefined ? [] : [redirectFilter(redirect, match.path)]),
  ];
}

function timeouts({ timeoutMs, retry }: RequestRule): JsonObject {
  const perTry = retry?.perTryTimeoutMs;
  // The API refuses a try that is longer than the request, which would end it anyway.
  const backend = perTry === undefined || timeoutMs === undefined ? perTry : Math.min(perTry, timeoutMs);
  if (timeoutMs === undefined && backend === undefined) return {};
  return {
    timeouts: {
      ...(timeoutMs === undefined ? {} : { request: gatewayDuration(timeoutMs) }),
      ...(backend === undefined ? {} : { backendRequest: gatewayDuration(backend) }),
    },
  };
}

/** Conditions that are statuses; failed connections are retried in any case. */
const STATUSES: { readonly [condition: string]: readonly number[] } = {
  "gateway-error": [502, 503, 504],
  "retriable-4xx": [409],
};

function retryOf({ retries, on, backoffMs }: Retry): JsonObject {
  const codes = [...new Set(on.flatMap((o) => (typeof o === "number" ? [o] : (STATUSES[o] ?? []))))].sort();
  return {
    attempts: retries,
    ...(codes.length === 0 ? {} : { codes }),
    ...(backoffMs === undefined ? {} : { backoff: gatewayDuration(backoffMs) }),
  };
}
