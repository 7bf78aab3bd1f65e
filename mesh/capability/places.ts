import type { FieldPath } from "../../lib";
import type {
  Backend,
  Match,
  NamedMatch,
  NormalizedIntent,
  Route,
  RouteRule,
  Service,
  ServiceTraffic,
  Written,
} from "../intent/types";
import { flat } from "./flat";
import type { CapabilityUse, RequestRuleOf, RuleChange } from "./types";

/** Where intents ask for things: what the definitions of the catalogue are made of. */

type Uses = (intent: NormalizedIntent) => CapabilityUse[];

/** Routes of one kind. */
export function routesOf(kind: Route["kind"]): Uses {
  return ({ routes }) => routes.filter((r) => r.kind === kind).map((r) => ({ at: [...r.at, "kind"] }));
}

/** Matches of http routes for which something holds, at one of their keys. */
export function matchesWith(key: string, asks: (match: Match) => boolean): Uses {
  return (intent) =>
    flat(intent)
      .httpMatches.filter(asks)
      .map(({ at }) => ({ at: [...at, key] }));
}

/** Matches of headers, which http and grpc routes both have. */
export function headersWith(kind: NamedMatch["match"]["kind"]): Uses {
  return (intent) =>
    flat(intent)
      .requestMatches.filter(({ headers }) => headers.some((h) => h.match.kind === kind))
      .map(({ at }) => ({ at: [...at, "headers"] }));
}

/** Every rule, of connections too. */
export function rulesWith(
  key: string,
  asks: (rule: { readonly backends: readonly Backend[] }) => boolean,
): Uses {
  return (intent) =>
    flat(intent)
      .rules.filter(asks)
      .map(({ at }) => ({ at: [...at, key] }));
}

interface Leaving {
  /** Keys from the rule to the field. */
  readonly path: FieldPath;
  readonly asks: (rule: RequestRuleOf) => boolean;
  readonly without: RuleChange;
}

/** Rules of requests, http and grpc, for which something holds. */
export function requestsWith({ path, asks, without }: Leaving): Uses {
  return (intent) =>
    flat(intent)
      .requestRules.filter(asks)
      .map((rule) => ({ at: [...rule.at, ...path], without: { part: "rule", of: rule, apply: without } }));
}

/** Rules of http routes for which something holds; what they ask for cannot be left out. */
export function httpRulesWith(path: FieldPath, asks: (rule: RouteRule) => boolean): Uses {
  return (intent) =>
    flat(intent)
      .httpRules.filter(asks)
      .map((rule) => ({ at: [...rule.at, ...path] }));
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
    services
      .filter(({ traffic }) => asks(traffic))
      .map((service): CapabilityUse => ({
        at: [...service.traffic.at, ...path],
        without: { part: "service", of: service, apply },
      }));
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
  return (intent) =>
    parts(intent)
      .filter(asks)
      .map((part) => ({ at: [...part.at, ...path] }));
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
