import { byText, present, sortedBy, type FieldPath } from "../../lib";
import { contentText, unique } from "./order";
import type { ParsedIntent } from "./schema";
import {
  isHttpLike,
  type Backend,
  type Gateway,
  type HttpRoute,
  type Match,
  type NamedMatch,
  type PathMatch,
  type Retry,
  type RetryOn,
  type RouteRule,
  type RouteTarget,
  type Service,
} from "./types";

type WrittenRoute = NonNullable<ParsedIntent["routes"]>[number];
type WrittenRule = WrittenRoute["rules"][number];
type WrittenMatch = NonNullable<WrittenRule["match"]>[number];
type WrittenValues = WrittenMatch["headers"];

/** What routes refer to, and where the intent stands. */
export interface Surroundings {
  readonly at: FieldPath;
  readonly services: readonly Service[];
  readonly gateways: readonly Gateway[];
}

const RETRY_ON_DEFAULT: readonly RetryOn[] = ["connect-failure", "gateway-error", "refused-stream"];

/** Routes in a fixed order. The rules within one keep theirs: between equally specific matches the earlier wins. */
export function normalizeRoutes(intent: ParsedIntent, around: Surroundings): HttpRoute[] {
  const services = new Map(around.services.map((s) => [s.key, s]));
  const hosts = new Map(around.gateways.map((g) => [g.name, unique(g.listeners.flatMap((l) => l.hosts))]));
  const routes = (intent.routes ?? []).map((written, i): HttpRoute => {
    const at = [...around.at, "routes", i];
    const rules = written.rules.map((rule, r) => ruleOf(rule, { at: [...at, "rules", r], services }));
    return { kind: "http", for: targetOf(written.for, { services, hosts }), rules, at };
  });
  return sortedBy(routes, contentText);
}

function targetOf(
  written: WrittenRoute["for"],
  known: { services: ReadonlyMap<string, Service>; hosts: ReadonlyMap<string, readonly string[]> },
): RouteTarget {
  const { service, gateway = "", port, hosts } = written;
  if (service === undefined) {
    return { kind: "gateway", gateway, hosts: unique(hosts ?? known.hosts.get(gateway) ?? []) };
  }
  const chosen = port ?? onlyPort(known.services.get(service), (p) => isHttpLike(p.protocol));
  return { kind: "service", service, ...present({ port: chosen }) };
}

function onlyPort(
  service: Service | undefined,
  fits: (p: Service["ports"][number]) => boolean,
): number | undefined {
  const fitting = (service?.ports ?? []).filter(fits);
  return fitting.length === 1 ? fitting[0]?.port : undefined;
}

function ruleOf(
  written: WrittenRule,
  { at, services }: { at: FieldPath; services: ReadonlyMap<string, Service> },
): RouteRule {
  const matches = written.match?.map((m, i) => matchOf(m, [...at, "match", i])) ?? [matchOf({}, at)];
  const backends = written.backends.map(({ service, version, port, weight }, i): Backend => {
    const chosen = port ?? onlyPort(services.get(service), (p) => isHttpLike(p.protocol));
    return {
      service,
      ...present({ version, port: chosen }),
      weight: weight ?? 1,
      at: [...at, "backends", i],
    };
  });
  return {
    ...present({ name: written.name }),
    matches: sortedBy(matches, contentText),
    backends: sortedBy(backends, contentText),
    ...present({ timeoutMs: written.timeout, retry: written.retry && retryOf(written.retry) }),
    at,
  };
}

function matchOf(written: WrittenMatch, at: FieldPath): Match {
  return {
    path: pathOf(written.path),
    ...present({ method: written.method }),
    // HTTP header names mean the same in any case; parameters do not.
    headers: namedMatches(written.headers, (name) => name.toLowerCase()),
    query: namedMatches(written.query, (name) => name),
    at,
  };
}

function pathOf(written: WrittenMatch["path"]): PathMatch {
  if (written?.exact !== undefined) return { kind: "exact", value: written.exact };
  if (written?.regex !== undefined) return { kind: "regex", value: written.regex };
  const prefix = (written?.prefix ?? "/").replace(/\/+$/, "");
  return { kind: "prefix", value: prefix === "" ? "/" : prefix };
}

function namedMatches(written: WrittenValues, spell: (name: string) => string): NamedMatch[] {
  const all = Object.entries(written ?? {}).map(([name, { exact, regex }]): NamedMatch => {
    const match =
      regex === undefined
        ? { kind: "exact" as const, value: exact ?? "" }
        : { kind: "regex" as const, value: regex };
    return { name: spell(name), match };
  });
  return sortedBy(all, contentText);
}

function retryOf(written: NonNullable<WrittenRule["retry"]>): Retry {
  const on = [...new Set<RetryOn>(written.on ?? RETRY_ON_DEFAULT)];
  return {
    retries: written.retries,
    ...present({ perTryTimeoutMs: written.perTryTimeout }),
    on: on.sort((a, b) => byText(String(a), String(b))),
  };
}
