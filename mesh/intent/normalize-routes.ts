import { byText, present, sortedBy, type FieldPath } from "../../lib";
import { listenersFor, onlyPort, type KnownServices } from "./known";
import { changesOf, redirectOf, rewriteOf } from "./normalize-filters";
import { grpcMatchOf, matchOf } from "./normalize-matches";
import { contentText, unique } from "./order";
import { listed, type Part } from "./parts";
import type { ParsedIntent } from "./schema";
import type { WrittenBackend, WrittenGrpcRule, WrittenHttpRule, WrittenMirror } from "./schema-routes";
import type {
  Backend,
  Fault,
  Gateway,
  GrpcRule,
  Mirror,
  RequestRule,
  Retry,
  RetryOn,
  Route,
  RouteRule,
  RouteTarget,
} from "./types";

type WrittenRoute = NonNullable<ParsedIntent["routes"]>[number];

/** Where a part of a route stands, and what it may refer to. */
interface Place {
  readonly at: FieldPath;
  readonly kind: Route["kind"];
  readonly services: KnownServices;
}

const RETRY_ON_DEFAULT: readonly RetryOn[] = ["connect-failure", "gateway-error", "refused-stream"];

/** Routes in a fixed order. The rules within one keep theirs: between equally specific matches the earlier wins. */
export function normalizeRoutes(
  parts: readonly Part[],
  { services, gateways }: { services: KnownServices; gateways: readonly Gateway[] },
): Route[] {
  const known = new Map(gateways.map((g) => [g.name, g]));
  const routes = listed(parts, "routes", (written, at) =>
    routeOf(written, { target: targetOf(written, { services, gateways: known }), at, services }),
  );
  return sortedBy(routes, contentText);
}

function routeOf(
  written: WrittenRoute,
  { target, at, services }: { target: RouteTarget; at: FieldPath; services: KnownServices },
): Route {
  const { kind } = written;
  const place = (r: number): Place => ({ at: [...at, "rules", r], kind, services });
  switch (kind) {
    case "http":
      return { kind, for: target, rules: written.rules.map((rule, r) => httpRule(rule, place(r))), at };
    case "grpc":
      return { kind, for: target, rules: written.rules.map((rule, r) => grpcRule(rule, place(r))), at };
    case "tcp":
      return { kind, for: target, rules: written.rules.map((rule, r) => connectionRule(rule, place(r))), at };
    case "tls": {
      const rules = written.rules.map((rule, r) => ({
        ...connectionRule(rule, place(r)),
        sni: unique(rule.sni),
      }));
      return { kind, for: target, rules, at };
    }
  }
}

function targetOf(
  { kind, for: written }: WrittenRoute,
  known: { services: KnownServices; gateways: ReadonlyMap<string, Gateway> },
): RouteTarget {
  const { service, gateway = "", port, hosts } = written;
  if (service === undefined) {
    return { kind: "gateway", gateway, hosts: unique(hosts ?? hostsFor(kind, known.gateways.get(gateway))) };
  }
  return {
    kind: "service",
    service,
    ...present({ port: port ?? onlyPort(known.services.get(service), kind) }),
  };
}

/** Every host that a gateway's listeners answer for to routes of a kind. */
function hostsFor(kind: Route["kind"], gateway: Gateway | undefined): string[] {
  return gateway === undefined ? [] : listenersFor(gateway, kind).flatMap(({ hosts }) => hosts);
}

function httpRule(written: WrittenHttpRule, place: Place): RouteRule {
  const { at } = place;
  const matches = written.match?.map((m, i) => matchOf(m, [...at, "match", i])) ?? [matchOf({}, at)];
  return {
    ...requestRule(written, place),
    matches: sortedBy(matches, contentText),
    ...present({
      rewrite: written.rewrite && rewriteOf(written.rewrite),
      redirect: written.redirect && redirectOf(written.redirect),
    }),
  };
}

function grpcRule(written: WrittenGrpcRule, place: Place): GrpcRule {
  const { at } = place;
  const matches = written.match?.map((m, i) => grpcMatchOf(m, [...at, "match", i])) ?? [grpcMatchOf({}, at)];
  return { ...requestRule(written, place), matches: sortedBy(matches, contentText) };
}

function requestRule(written: WrittenHttpRule | WrittenGrpcRule, place: Place): RequestRule {
  return {
    ...connectionRule(written, place),
    ...present({
      timeoutMs: written.timeout,
      retry: written.retry && retryOf(written.retry),
      fault: written.fault && faultOf(written.fault),
      headers: written.headers && changesOf(written.headers),
    }),
    mirrors: mirrorsOf(written.mirror, place),
  };
}

function connectionRule(
  { name, backends }: { name?: string | undefined; backends?: readonly WrittenBackend[] | undefined },
  { at, kind, services }: Place,
): { name?: string; backends: Backend[]; at: FieldPath } {
  const all = (backends ?? []).map(({ service, version, port, weight }, i): Backend => ({
    service,
    ...present({ version, port: port ?? onlyPort(services.get(service), kind) }),
    weight: weight ?? 1,
    at: [...at, "backends", i],
  }));
  return { ...present({ name }), backends: sortedBy(all, contentText), at };
}

function mirrorsOf(written: readonly WrittenMirror[] | undefined, { at, kind, services }: Place): Mirror[] {
  const mirrors = (written ?? []).map(({ service, version, port, percent }, i): Mirror => ({
    service,
    ...present({ version, port: port ?? onlyPort(services.get(service), kind) }),
    percent: percent ?? 100,
    at: [...at, "mirror", i],
  }));
  return sortedBy(mirrors, contentText);
}

function retryOf(written: NonNullable<WrittenHttpRule["retry"]>): Retry {
  const on = [...new Set<RetryOn>(written.on ?? RETRY_ON_DEFAULT)];
  return {
    retries: written.retries,
    ...present({ perTryTimeoutMs: written.perTryTimeout }),
    on: on.sort((a, b) => byText(String(a), String(b))),
    ...present({ backoffMs: written.backoff, budgetPercent: written.budget?.percent }),
  };
}

function faultOf({ delay, abort }: NonNullable<WrittenHttpRule["fault"]>): Fault {
  return present({
    delay: delay && { percent: delay.percent, durationMs: delay.duration },
    abort: abort && { percent: abort.percent, status: abort.status },
  });
}
