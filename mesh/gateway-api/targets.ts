import { byText, groupBy, shortHash } from "../../lib";
import { bySpecificity, grpcSpecificity, specificity, type Specificity } from "../intent/specificity";
import {
  isHttpLike,
  type GrpcMatch,
  type GrpcRule,
  type Match,
  type Route,
  type RouteRule,
  type Service,
} from "../intent/types";
import { grpcAsHttp } from "./matches";
import type { RouteSite } from "./types";

/** What routes attach to: a Service, maybe only one of its ports, or a gateway's host. */
export interface Target {
  /** Namespace and name of the route objects. */
  readonly namespace: string;
  readonly name: string;
  readonly parent: {
    readonly group: string;
    readonly kind: "Service" | "Gateway";
    readonly name: string;
    readonly port?: number;
  };
  /** Empty for every host. */
  readonly hostnames: readonly string[];
}

export interface TargetRoutes {
  readonly target: Target;
  readonly routes: readonly Route[];
  /** The matches of the routes' rules of requests, the one that is tried first before. */
  readonly entries: readonly Entry[];
}

/** Faults, routes and grants all ask for the same. */
const known = new WeakMap<RouteSite, readonly TargetRoutes[]>();

/** The routes by what they are for, in the order of their names; a gateway's routes apart for each of their hosts. */
export function byTarget(site: RouteSite): readonly TargetRoutes[] {
  const targets = known.get(site) ?? targetsIn(site);
  known.set(site, targets);
  return targets;
}

function targetsIn(site: RouteSite): TargetRoutes[] {
  const pairs = site.intent.routes.flatMap((route) =>
    targetsOf(route, site).map((target) => ({ target, route })),
  );
  const groups = groupBy(pairs, ({ target }) => `${target.namespace}/${target.name}`);
  return [...groups]
    .sort(([a], [b]) => byText(a, b))
    .flatMap(([, group]) => {
      if (group[0] === undefined) return [];
      const routes = group.map((p) => p.route);
      return [{ target: group[0].target, routes, entries: entriesOf(routes) }];
    });
}

function targetsOf(route: Route, site: RouteSite): Target[] {
  const { for: to } = route;
  if (to.kind === "gateway") {
    const parent = {
      group: "gateway.networking.k8s.io",
      kind: "Gateway",
      name: site.gatewayName(to.gateway),
    } as const;
    return to.hosts.map((host) => ({
      namespace: site.gatewayNamespace,
      name: hostName(to.gateway, host),
      parent,
      hostnames: host === "*" ? [] : [host],
    }));
  }
  const service = site.lookup.service(to.service);
  if (service === undefined) return [];
  const { namespace, name } = service;
  const port = portOf(route, service);
  const parent = { group: "", kind: "Service", name, ...(port === undefined ? {} : { port }) } as const;
  return [{ namespace, name: port === undefined ? name : `${name}.${port}`, parent, hostnames: [] }];
}

/** A service of one port is meant as a whole; with several, a route without a port would hold for all of them. */
function portOf({ kind, for: to }: Route, { ports }: Service): number | undefined {
  if (ports.length === 1 || to.kind !== "service") return undefined;
  const fitting = ports.filter((p) =>
    kind === "http" || kind === "grpc" ? isHttpLike(p.protocol) : p.protocol === kind,
  );
  return to.port ?? (fitting.length === 1 ? fitting[0]?.port : undefined);
}

/** Names of objects have dots, as hosts have; a digest follows where a host's own form had to change. */
function hostName(gateway: string, host: string): string {
  const plain = host.replace(/^\*\.?/, "").slice(0, 150);
  if (plain === host) return `${gateway}.${host}`;
  return [gateway, ...(plain === "" ? [] : [plain.replace(/[.-]+$/, "")]), shortHash(host)].join(".");
}

/** One match of one rule of requests, as an HTTP match whatever the route. */
export interface Entry {
  readonly rule: RouteRule | GrpcRule;
  readonly match: Match;
  /** Absent for rules of HTTP routes. */
  readonly grpc?: GrpcMatch;
}

/** The matches of all rules of requests, the one that is tried first before. Equal ones keep their order. */
export function entriesOf(routes: readonly Route[]): Entry[] {
  const ranked = routes.flatMap((route): { entry: Entry; rank: Specificity }[] => {
    if (route.kind === "http") {
      return route.rules.flatMap((rule) =>
        rule.matches.map((match) => ({ entry: { rule, match }, rank: specificity(match) })),
      );
    }
    if (route.kind !== "grpc") return [];
    return route.rules.flatMap((rule) =>
      rule.matches.map((grpc) => ({
        entry: { rule, match: grpcAsHttp(grpc), grpc },
        rank: grpcSpecificity(grpc),
      })),
    );
  });
  return ranked.sort((a, b) => bySpecificity(a.rank, b.rank)).map((r) => r.entry);
}

/** A match of all paths, as what tries prefixes before regular expressions tries after those. */
const LAST = { kind: "regex", value: "/.*" } as const;

/**
 * The same matches where prefixes are tried before regular expressions: beside one of those, what is for every path is
 * written as one itself, or they would never be reached.
 */
export function behindRegexes(entries: readonly Entry[]): Entry[] {
  if (!entries.some(({ match }) => match.path.kind === "regex")) return [...entries];
  return entries.map((entry) => {
    const { match } = entry;
    const { kind, value } = match.path;
    const all = kind === "prefix" && value === "/" && !changesPrefix(entry);
    return all ? { ...entry, match: { ...match, path: LAST } } : entry;
  });
}

export function changesPrefix({ rule, match }: Entry): boolean {
  const change =
    "rewrite" in rule ? rule.rewrite?.path : "redirect" in rule ? rule.redirect?.path : undefined;
  return change?.kind === "prefix" && match.path.kind === "prefix";
}
