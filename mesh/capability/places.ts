import type { FieldPath } from "../../lib";
import {
  isHttpRoute,
  type Backend,
  type GrpcMatch,
  type Match,
  type NamedMatch,
  type NormalizedIntent,
  type Route,
  type RouteRule,
  type Service,
  type ServiceTraffic,
  type Written,
} from "../intent/types";
import type { CapabilityUse, RequestRuleOf, RuleChange } from "./types";

/** Where intents ask for things: what the definitions of the catalogue are made of. */

type Uses = (intent: NormalizedIntent) => CapabilityUse[];

/** Routes of one kind. */
export function routesOf(kind: Route["kind"]): Uses {
  return ({ routes }) => routes.filter((r) => r.kind === kind).map((r) => ({ at: [...r.at, "kind"] }));
}

/** Matches of http routes for which something holds, at one of their keys. */
export function matchesWith(key: string, asks: (match: Match) => boolean): Uses {
  return ({ routes }) =>
    routes
      .filter(isHttpRoute)
      .flatMap((route) => route.rules.flatMap((rule) => rule.matches))
      .flatMap((match) => (asks(match) ? [{ at: [...match.at, key] }] : []));
}

/** Matches of headers, which http and grpc routes both have. */
export function headersWith(kind: NamedMatch["match"]["kind"]): Uses {
  return ({ routes }) =>
    routes.flatMap((route) => {
      if (route.kind !== "http" && route.kind !== "grpc") return [];
      const matches: readonly (Match | GrpcMatch)[] = route.rules.flatMap<Match | GrpcMatch>(
        (r) => r.matches,
      );
      return matches
        .filter(({ headers }) => headers.some((h) => h.match.kind === kind))
        .map(({ at }) => ({ at: [...at, "headers"] }));
    });
}

/** Every rule, of connections too. */
export function rulesWith(
  key: string,
  asks: (rule: { readonly backends: readonly Backend[] }) => boolean,
): Uses {
  return ({ routes }) =>
    routes.flatMap((route) => route.rules.flatMap((rule) => (asks(rule) ? [{ at: [...rule.at, key] }] : [])));
}

interface Leaving {
  /** Keys from the rule to the field. */
  readonly path: FieldPath;
  readonly asks: (rule: RequestRuleOf) => boolean;
  readonly without?: RuleChange;
}

/** Rules of requests, http and grpc, for which something holds. */
export function requestsWith({ path, asks, without }: Leaving): Uses {
  return ({ routes }) =>
    routes.flatMap((route) => {
      if (route.kind !== "http" && route.kind !== "grpc") return [];
      return route.rules.flatMap<CapabilityUse>((rule) => {
        if (!asks(rule)) return [];
        const at = [...rule.at, ...path];
        return without === undefined
          ? [{ at }]
          : [{ at, without: { part: "rule", of: rule, apply: without } }];
      });
    });
}

/** Rules of http routes for which something holds; what they ask for cannot be left out. */
export function httpRulesWith(path: FieldPath, asks: (rule: RouteRule) => boolean): Uses {
  return ({ routes }) =>
    routes
      .filter(isHttpRoute)
      .flatMap((route) => route.rules.flatMap((rule) => (asks(rule) ? [{ at: [...rule.at, ...path] }] : [])));
}

interface LeavingTraffic {
  readonly path: FieldPath;
  readonly asks: (traffic: ServiceTraffic) => boolean;
  readonly without: (traffic: ServiceTraffic) => ServiceTraffic;
}

/** How callers treat services, where something holds of it. */
export function trafficWith({ path, asks, without }: LeavingTraffic): Uses {
  const apply = (service: Service): Service => ({ ...service, traffic: without(service.traffic) });
  return ({ services }) =>
    services.flatMap<CapabilityUse>((service) => {
      if (!asks(service.traffic)) return [];
      return [{ at: [...service.traffic.at, ...path], without: { part: "service", of: service, apply } }];
    });
}

/** Services for which something holds, at one of their keys. */
export function servicesWith(key: string, asks: (service: Service) => boolean): Uses {
  return ({ services }) => services.filter(asks).map(({ at }) => ({ at: [...at, key] }));
}

/** Those of some parts for which something holds, at a path within each. */
export function partsWith<T extends Written>(
  parts: (intent: NormalizedIntent) => readonly T[],
  asks: (part: T) => boolean,
  path: FieldPath = [],
): Uses {
  return (intent) => parts(intent).flatMap((part) => (asks(part) ? [{ at: [...part.at, ...path] }] : []));
}

/** Something that holds of the intent as a whole, at a path from its root. */
export function once(path: FieldPath, asks: (intent: NormalizedIntent) => boolean): Uses {
  return (intent) => (asks(intent) ? [{ at: [...rootOf(intent), ...path] }] : []);
}

/** Where the intent stands in its document: two keys above the one part that every intent has. */
function rootOf({ mtls }: NormalizedIntent): FieldPath {
  return mtls.ca.at.slice(0, -2);
}

/** The same without one field, which is optional. */
export function lacking<T extends object>(whole: T, field: keyof T): T {
  return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== field)) as T;
}
