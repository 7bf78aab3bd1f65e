import type { Backend, GrpcMatch, Match, NormalizedIntent, RouteRule, Written } from "../intent/types";
import type { RequestRuleOf } from "./types";

/** The rules and matches of an intent's routes in one row each, since every capability looks through them. */
export interface Flat {
  /** Of routes of every kind. */
  readonly rules: readonly (Written & { readonly backends: readonly Backend[] })[];
  readonly requestRules: readonly RequestRuleOf[];
  readonly httpRules: readonly RouteRule[];
  readonly requestMatches: readonly (Match | GrpcMatch)[];
  readonly httpMatches: readonly Match[];
}

const known = new WeakMap<NormalizedIntent, Flat>();

/** Made once for each intent. */
export function flat(intent: NormalizedIntent): Flat {
  const made = known.get(intent) ?? flatten(intent);
  known.set(intent, made);
  return made;
}

function flatten({ routes }: NormalizedIntent): Flat {
  const rules: (Written & { readonly backends: readonly Backend[] })[] = [];
  const requestRules: RequestRuleOf[] = [];
  const httpRules: RouteRule[] = [];
  const requestMatches: (Match | GrpcMatch)[] = [];
  const httpMatches: Match[] = [];
  for (const route of routes) {
    for (const rule of route.rules) rules.push(rule);
    if (route.kind !== "http" && route.kind !== "grpc") continue;
    for (const rule of route.rules) {
      requestRules.push(rule);
      for (const match of rule.matches) requestMatches.push(match);
    }
    if (route.kind !== "http") continue;
    for (const rule of route.rules) {
      httpRules.push(rule);
      for (const match of rule.matches) httpMatches.push(match);
    }
  }
  return { rules, requestRules, httpRules, requestMatches, httpMatches };
}
