import { groupBy, type JsonObject } from "../../lib";
import type { Route, TcpRule, TlsRule } from "../intent/types";
import { contentText } from "../intent/order";
import { kubeObject } from "../plan/objects";
import type { KubeObject } from "../plan/types";
import { backendRefs, grpcRule, httpRule } from "./rules";
import { behindRegexes, byTarget, changesPrefix, type Entry, type Target } from "./targets";
import { GROUP, type RouteKind, type RouteSite } from "./types";

/** The API takes no more of either in one route. */
const MOST_RULES = 16;
const MOST_MATCHES = 64;

/** Every route of the intent as objects of the Gateway API, each in the namespace of what it is for. */
export function routeObjects(site: RouteSite): KubeObject[] {
  return byTarget(site).flatMap(({ target, routes, entries }) => [
    ...requestRoutes(target, { entries: inDialect(entries, site), site }),
    ...connectionRoutes(target, { routes, site }),
  ]);
}

function inDialect(entries: readonly Entry[], { dialect }: RouteSite): readonly Entry[] {
  return dialect.regex === "last" ? behindRegexes(entries) : entries;
}

function requestRoutes(
  target: Target,
  { entries, site }: { entries: readonly Entry[]; site: RouteSite },
): KubeObject[] {
  const { dialect } = site;
  const kind = kindOf(entries);
  const sets = groupBy(entries, ({ rule }) => contentText(dialect.annotations?.(rule) ?? {}));
  const parts = [...sets.values()].flatMap((set) => chunks(runsOf(set)));
  return parts.map((runs, i) =>
    routeObject(kind, {
      target,
      site,
      part: parts.length === 1 ? undefined : i,
      annotations: runs[0]?.[0] === undefined ? {} : (dialect.annotations?.(runs[0][0].rule) ?? {}),
      rules: named(
        runs.map((run) => ({ name: run[0]?.rule.name, spec: ruleOf(run, { kind, target, site }) })),
      ),
    }),
  );
}

/** GRPCRoutes have neither timeouts nor retries, and cannot share a parent with HTTPRoutes, which tell calls as well. */
export function kindOf(entries: readonly Entry[]): "HTTPRoute" | "GRPCRoute" {
  const plain = ({ rule }: Entry): boolean => rule.timeoutMs === undefined && rule.retry === undefined;
  return entries.length > 0 && entries.every((e) => e.grpc !== undefined && plain(e))
    ? "GRPCRoute"
    : "HTTPRoute";
}

/** Neighbours of one rule that can stand in one rule of the API, which changes paths of one kind only. */
function runsOf(entries: readonly Entry[]): Entry[][] {
  const runs: Entry[][] = [];
  for (const entry of entries) {
    const last = runs.at(-1);
    const before = last?.at(-1);
    const together = before?.rule === entry.rule && !changesPrefix(entry) && !changesPrefix(before);
    if (last !== undefined && together && last.length < MOST_MATCHES) last.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

function chunks(runs: readonly Entry[][]): Entry[][][] {
  const parts: Entry[][][] = [];
  let matches = 0;
  for (const run of runs) {
    const last = parts.at(-1);
    if (last !== undefined && last.length < MOST_RULES && matches + run.length <= 2 * MOST_MATCHES) {
      last.push(run);
      matches += run.length;
    } else {
      parts.push([run]);
      matches = run.length;
    }
  }
  return parts;
}

function ruleOf(
  run: readonly Entry[],
  { kind, target, site }: { kind: "HTTPRoute" | "GRPCRoute"; target: Target; site: RouteSite },
): JsonObject {
  const { lookup, dialect } = site;
  const ruleSite = { lookup, from: target.namespace };
  const rule = run[0]?.rule;
  if (rule === undefined) return {};
  const calls = run.flatMap((e) => (e.grpc === undefined ? [] : [e.grpc]));
  if (kind === "GRPCRoute") return grpcRule(rule, { matches: calls, site: ruleSite });
  return httpRule(rule, { matches: run.map((e) => e.match), site: ruleSite, dialect });
}

/** Names are unique within a route, and a rule may have become several. */
function named(
  rules: readonly { readonly name: string | undefined; readonly spec: JsonObject }[],
): JsonObject[] {
  const seen = new Map<string, number>();
  return rules.map(({ name, spec }) => {
    if (name === undefined) return spec;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { name: count === 1 ? name : `${name}.${count}`, ...spec };
  });
}

function connectionRoutes(
  target: Target,
  { routes, site }: { routes: readonly Route[]; site: RouteSite },
): KubeObject[] {
  const made = routes.flatMap(
    (route): readonly { kind: "TCPRoute" | "TLSRoute"; rule: TcpRule | TlsRule }[] =>
      route.kind === "tcp" || route.kind === "tls"
        ? route.rules
            .flatMap((rule) => (target.parent.kind === "Service" ? oneByOne(rule) : [rule]))
            .map((rule) => ({ kind: route.kind === "tcp" ? "TCPRoute" : "TLSRoute", rule }))
        : [],
  );
  const { lookup } = site;
  return made.map(({ kind, rule }, i) =>
    routeObject(kind, {
      target: "sni" in rule ? { ...target, hostnames: rule.sni } : { ...target, hostnames: [] },
      site,
      part: made.length === 1 ? undefined : i,
      annotations: {},
      rules: [
        {
          ...(rule.name === undefined ? {} : { name: rule.name }),
          ...backendRefs(rule.backends, { lookup, from: target.namespace }),
        },
      ],
    }),
  );
}

/** A rule for each name: istiod forgets the names of a service's TLSRoute that has several, and takes any. */
function oneByOne(rule: TcpRule | TlsRule): (TcpRule | TlsRule)[] {
  return "sni" in rule ? rule.sni.map((name) => ({ ...rule, sni: [name] })) : [rule];
}

interface RouteSeed {
  readonly target: Target;
  readonly site: RouteSite;
  /** Place among several objects for one target. */
  readonly part: number | undefined;
  readonly annotations: { readonly [name: string]: string };
  readonly rules: readonly JsonObject[];
}

function routeObject(kind: RouteKind, { target, site, part, annotations, rules }: RouteSeed): KubeObject {
  const version = kind === "TLSRoute" || kind === "TCPRoute" ? site.dialect.versions[kind] : "v1";
  // Implementations break ties between routes by age and then by name, so that names keep the order.
  const name = part === undefined ? target.name : `${target.name}.part-${String(part + 1).padStart(3, "0")}`;
  return kubeObject({
    apiVersion: `${GROUP}/${version}`,
    kind,
    name,
    namespace: target.namespace,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    spec: {
      parentRefs: [target.parent],
      ...(target.hostnames.length === 0 ? {} : { hostnames: target.hostnames }),
      rules,
    },
  });
}
