import { isDnsLabel, present } from "../../../lib";
import {
  isHttpLike,
  type HttpRoute,
  type Match,
  type NamedMatch,
  type PathMatch,
  type Retry,
  type Route,
  type RouteRule,
  type RouteTarget,
  type ValueMatch,
} from "../../intent/types";
import { fromCharPrefixes } from "../char-prefix";
import type { Draft } from "../draft";
import type { Action } from "../first-match";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { asGrpc, splitCookies } from "../matches";
import { positiveDuration, trimPrefix } from "../values";
import { filtersOf } from "./filters";
import { backendsOf, targetsOf, type Dialect, type RouteContext } from "./parents";

export function readHttpRoutes(items: readonly Item[], context: RouteContext): void {
  for (const item of items) {
    const targets = targetsOf(item, context);
    const rules = item.spec
      .get("rules")
      .items()
      .flatMap((rule) => ruleOf(rule, item, context));
    if (rules.length === 0) continue;
    const said = context.dialect.charPrefixes === true ? byElements(rules, item) : rules;
    for (const target of targets) {
      context.draft.routes.push(routeOf({ target, rules: said, item }, context.draft));
    }
  }
}

interface Parts {
  readonly target: RouteTarget;
  readonly rules: readonly RouteRule[];
  readonly item: Item;
}

/** For a service that carries gRPC, a route of calls, if all of it can be told so. */
function routeOf({ target, rules, item }: Parts, draft: Draft): Route {
  const http: HttpRoute = { kind: "http", for: target, rules, at: item.spec.at };
  if (target.kind === "gateway") return http;
  const ports = (draft.services.get(target.service)?.ports ?? []).filter((p) => isHttpLike(p.protocol));
  const meant = ports.filter((p) => target.port === undefined || p.port === target.port);
  if (meant.length === 0 || meant.some((p) => p.protocol !== "grpc")) return http;
  const calls = asGrpc(rules);
  return calls === undefined ? http : { ...http, kind: "grpc", rules: calls };
}

function ruleOf(rule: Field, item: Item, context: RouteContext): RouteRule[] {
  const { namespace } = item;
  const written = rule.get("matches").items();
  const matches =
    written.length === 0
      ? [{ ...EVERYTHING, at: rule.at }]
      : written.flatMap((match) => matchOf(match, context.dialect));
  const backends = backendsOf(rule, namespace, context);
  for (const ref of rule.get("backendRefs").items()) {
    ref
      .get("filters")
      .lose({ message: "what is done to requests is the rule's, not a backend's, in an intent" });
  }
  const filters = filtersOf(rule.get("filters"), namespace, context);
  if (matches.length === 0 || (backends.length === 0 && filters.redirect === undefined)) {
    rule.lose({ message: "a rule without a match or a backend that an intent can say is left out" });
    return [];
  }
  const action = {
    ...present({ name: ruleName(rule.get("name")) }),
    backends: filters.redirect === undefined ? backends : [],
    ...timesOf(rule, context.dialect.retry(item)),
    ...filters,
    at: rule.at,
  };
  return [{ ...action, matches }];
}

/** Rules of an implementation whose prefixes are of characters, which are rewritten to themselves where they stay. */
function byElements(rules: readonly RouteRule[], item: Item): RouteRule[] {
  const entries = rules.flatMap(({ matches, ...action }) =>
    matches.map(({ path, ...match }) => ({
      path: { ...path, field: item.spec },
      match,
      action: withoutSelf(action, path),
      where: "",
    })),
  );
  return fromCharPrefixes(entries, false).map(({ action, match }) => ({ ...action, matches: [match] }));
}

function withoutSelf(action: Action, { kind, value }: PathMatch): Action {
  const { rewrite, ...others } = action;
  const same =
    kind === "prefix" && rewrite?.path?.kind === "prefix" && trimPrefix(value) === rewrite.path.value;
  return same ? others : action;
}

const EVERYTHING: Omit<Match, "at"> = {
  path: { kind: "prefix", value: "/" },
  headers: [],
  query: [],
  cookies: [],
};

export function ruleName(field: Field): string | undefined {
  const name = field.text();
  return name !== undefined && isDnsLabel(name) ? name : undefined;
}

/** A match with a condition that an intent cannot say is left out: without it, it would take what it is not for. */
function matchOf(field: Field, { regex, charPrefixes }: Dialect): Match[] {
  const path = pathOf(field.get("path"), charPrefixes === true ? (prefix) => prefix : trimPrefix);
  const method = field.get("method").text();
  const headers = namedMatches(field.get("headers"), (name) => name.toLowerCase());
  const query = namedMatches(field.get("queryParams"), (name) => name);
  const [unread] = field.unread();
  if (unread !== undefined || path === undefined) {
    field.lose({ message: "this match has a condition that an intent cannot say: it is left out" });
    return [];
  }
  const plain = <T extends ValueMatch | PathMatch>(match: T): T =>
    match.kind === "regex" ? { ...match, value: regex(match.value) } : match;
  const all = (list: readonly NamedMatch[]): NamedMatch[] =>
    list.map(({ name, match }) => ({ name, match: plain(match) }));
  return [
    {
      path: plain(path),
      ...splitCookies(all(headers)),
      query: all(query),
      ...present({ method }),
      at: field.at,
    },
  ];
}

function pathOf(field: Field, trim: (prefix: string) => string): PathMatch | undefined {
  const value = field.get("value").text() ?? "/";
  switch (field.get("type").text() ?? "PathPrefix") {
    case "Exact":
      return { kind: "exact", value };
    case "PathPrefix":
      return { kind: "prefix", value: trim(value) };
    case "RegularExpression":
      // Every path, written so that it comes behind other expressions.
      return /^\^?\/?\.\*\$?$/.test(value) ? { kind: "prefix", value: "/" } : { kind: "regex", value };
    default:
      return undefined;
  }
}

/** Of several for one name only the first counts, as the Gateway API has it. */
export function namedMatches(field: Field, spell: (name: string) => string): NamedMatch[] {
  const all = field.items().flatMap((item): NamedMatch[] => {
    const type =
      item.get("type").word("Exact", "RegularExpression") ?? (item.get("type").there ? undefined : "Exact");
    if (type === undefined) return [];
    const [name, value] = [item.get("name").text(), item.get("value").text()];
    if (name === undefined || value === undefined) return [];
    return [{ name: spell(name), match: { kind: type === "Exact" ? "exact" : "regex", value } }];
  });
  return all.filter((one, i) => all.findIndex((other) => other.name === one.name) === i);
}

function timesOf(rule: Field, annotated: Retry | undefined): Pick<RouteRule, "timeoutMs" | "retry"> {
  const request = positiveDuration(rule.get("timeouts", "request"));
  const backend = positiveDuration(rule.get("timeouts", "backendRequest"));
  const retry = retryOf(rule.get("retry"), backend) ?? annotated;
  // Without further tries, the time of one is the time of the whole.
  const whole = retry === undefined ? least(request, backend) : request;
  return present({ timeoutMs: whole, retry });
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function retryOf(field: Field, perTryTimeoutMs: number | undefined): Retry | undefined {
  const retries = field.get("attempts").number() ?? (field.there ? 1 : 0);
  const codes = field
    .get("codes")
    .items()
    .flatMap((code) => code.number() ?? []);
  const backoffMs = positiveDuration(field.get("backoff"));
  if (retries < 1) return undefined;
  const on = [...codes.filter((c) => c >= 400 && c <= 599), "connect-failure" as const];
  return { retries: Math.min(100, Math.floor(retries)), on, ...present({ perTryTimeoutMs, backoffMs }) };
}
