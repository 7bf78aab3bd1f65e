import type { CapabilityId } from "../../../mesh/capability/ids";
import {
  CALLER,
  GRPC,
  MAIN,
  OTHER,
  TCP,
  TLS,
  type Draft,
  type GrpcRule,
  type HttpRule,
  type RouteOf,
  type WrittenGrpcMatch,
} from "./draft";
import { backends, httpRules, requestParts } from "./routing";
import { HEADERS, VALUE_REGEXES, VALUES } from "./values";

export const GRPC_SERVICES = ["shop.v1.Quotes", "shop.v1.Quote"] as const;
export const GRPC_METHODS = ["Get", "GetAll", "Put"] as const;
export const SNI_HOSTS = ["vault.example.com", "*.example.com", "*.vault.example.com"] as const;

/** Routes of services, of every kind that is wanted. */
export function addServiceRoutes(draft: Draft, wanted: readonly CapabilityId[]): void {
  const { dice, intent, wants } = draft;
  if (wants("route.http")) {
    intent.routes.push(...inRoutes(draft, { service: MAIN }, httpRules(draft, MAIN, wanted)));
    if (dice.chance(0.2)) {
      // The caller itself is routed too, with little of what is wanted.
      const some = dice.some(
        wanted.filter((id) => id.startsWith("match.")),
        0.3,
      );
      intent.routes.push({ kind: "http", for: { service: CALLER }, rules: httpRules(draft, OTHER, some) });
    }
  }
  if (wants("route.grpc")) {
    intent.routes.push({ kind: "grpc", for: { service: GRPC }, rules: grpcRules(draft, wanted) });
  }
  if (wants("route.tcp")) {
    intent.routes.push({ kind: "tcp", for: { service: TCP }, rules: [{ backends: backends(draft, TCP) }] });
  }
  if (wants("route.tls")) intent.routes.push({ kind: "tls", for: { service: TLS }, rules: tlsRules(draft) });
}

/** The rules as one route, or as two whose matches compete. */
export function inRoutes(
  { dice }: Draft,
  target: RouteOf<"http">["for"],
  rules: readonly HttpRule[],
): RouteOf<"http">[] {
  const cut = rules.length > 1 && dice.chance(0.25) ? dice.int(1, rules.length - 1) : rules.length;
  return [rules.slice(0, cut), rules.slice(cut)]
    .filter((some) => some.length > 0)
    .map((some) => ({ kind: "http", for: target, rules: some }));
}

export function tlsRules(draft: Draft): { sni: string[]; backends: ReturnType<typeof backends> }[] {
  const hosts = draft.dice.shuffled(SNI_HOSTS);
  const [first = SNI_HOSTS[0], ...rest] = hosts;
  const rule = (sni: string[]) => ({ sni, backends: backends(draft, TLS) });
  return draft.dice.chance(0.5) ? [rule([first]), rule(rest)] : [rule([first])];
}

/** Everything that is wanted of requests and that gRPC has too. */
export function grpcRules(draft: Draft, wanted: readonly CapabilityId[]): GrpcRule[] {
  const { dice } = draft;
  const does = new Set(wanted);
  const first = grpcRule(draft, { does, matches: grpcMatches(draft, wanted) });
  const catchAll: GrpcRule = { backends: backends(draft, GRPC) };
  return first.match === undefined || dice.chance(0.4) ? [first] : [first, catchAll];
}

function grpcRule(
  draft: Draft,
  { does, matches }: { does: ReadonlySet<CapabilityId>; matches: WrittenGrpcMatch[] },
): GrpcRule {
  return {
    ...(matches.length === 0 ? {} : { match: matches }),
    backends: backends(draft, GRPC),
    ...requestParts(draft, GRPC, { does, statuses: [14, 7, 5] }),
  };
}

function grpcMatches({ dice }: Draft, wanted: readonly CapabilityId[]): WrittenGrpcMatch[] {
  const headers = {
    ...(wanted.includes("match.header.exact") ? { [HEADERS[0]]: { exact: dice.pick(VALUES) } } : {}),
    ...(wanted.includes("match.header.regex")
      ? { [HEADERS[1]]: { regex: dice.pick(VALUE_REGEXES).regex } }
      : {}),
  };
  const looked = Object.keys(headers).length === 0 ? {} : { headers };
  if (!wanted.includes("match.grpc")) return Object.keys(looked).length === 0 ? [] : [looked];
  const service = { service: dice.pick(GRPC_SERVICES) };
  const method = { method: dice.pick(GRPC_METHODS) };
  const forms = [service, method, { ...service, ...method }];
  const [first = service, second] = dice.shuffled(forms);
  return second === undefined || dice.chance(0.5)
    ? [{ ...first, ...looked }]
    : [{ ...first, ...looked }, second];
}
