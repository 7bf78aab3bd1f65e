import { hostWithin, isHost, present, warningAt, type FieldPath } from "../../../lib";
import { isHttpLike, type Match, type Route, type RouteRule, type RouteTarget } from "../../intent/types";
import type { Draft, DraftService } from "../draft";
import { fromCharPrefixes, type CharEntry } from "../char-prefix";
import type { Field } from "../field";
import { fromFirstMatch } from "../first-match";
import { joinHosts } from "../join-hosts";
import { byProtocol, type Spoken } from "../protocols";
import type { Item } from "../manifests";
import { tcpEntries, tlsEntries, type ConnectionEntry } from "./connections";
import { placeOf, type Context } from "./context";
import { httpAction } from "./http-action";
import { httpMatches, type HttpMatch } from "./http-match";
import { rewriteOf } from "./path-change";

const MESH = "mesh";

/** Whom a VirtualService is for: callers of a service, or a gateway's callers of some hosts. */
type Audience =
  | { readonly kind: "service"; readonly service: DraftService }
  | {
      readonly kind: "gateway";
      readonly written: string;
      readonly gateway: string;
      readonly hosts: readonly string[];
    };

type HttpEntry = CharEntry & { readonly at: HttpMatch };

export function readVirtualServices(context: Context): void {
  const { manifests, draft } = context;
  const routes = manifests
    .take("networking.istio.io", "VirtualService")
    .flatMap((item) => readVirtualService(item, context));
  draft.routes.push(...joinHosts(routes));
}

function readVirtualService(item: Item, context: Context): Route[] {
  const { spec, namespace } = item;
  spec.get("exportTo").acceptIf(["*"], []);
  const audiences = audiencesOf(item, context);
  const around = { context, namespace };
  const http = spec
    .get("http")
    .items()
    .flatMap((entry) => httpEntries(entry, around));
  tellRetries(spec.get("http").items(), context);
  if (audiences.length === 0) {
    const message = `VirtualService ${namespace}/${item.name} is for nothing that is here`;
    for (const kind of ["http", "tls", "tcp"]) spec.get(kind).lose({ message });
  }
  const tls = tlsEntries(spec.get("tls"), around);
  const tcp = tcpEntries(spec.get("tcp"), around);
  return audiences.flatMap((audience): Route[] => [
    ...httpRoutes(audience, { entries: http, context, spec }),
    ...connectionRoutes(audience, tls, context.draft),
    ...connectionRoutes(audience, tcp, context.draft),
  ]);
}

function httpEntries(entry: Field, around: { context: Context; namespace: string }): HttpEntry[] {
  const matches = httpMatches(entry);
  const action = httpAction(entry, around);
  if (action === undefined) return [];
  return matches.map((at) => ({
    at,
    path: at.path,
    match: at.match,
    action: { ...action, ...present({ rewrite: rewriteOf(entry, at.path) }) },
    where: JSON.stringify([at.port, at.gateways]),
  }));
}

/** Istio retries where nothing is said; told once for each VirtualService. */
function tellRetries(entries: readonly Field[], { draft }: Context): void {
  const silent = entries.find((entry) => !entry.get("retries").there && entry.get("route").there);
  if (silent === undefined || !draft.retriesByDefault) return;
  const message = "Istio retries twice where a route says nothing of it; an intent does not retry at all";
  const hint = "for the same, write retry: { retries: 2, on: [connect-failure, refused-stream] }";
  draft.losses.push(warningAt(silent.at, { code: "changed", message, hint }));
}

function audiencesOf(item: Item, context: Context): Audience[] {
  const { spec } = item;
  const written = spec.get("gateways");
  const gateways = written.there ? written.items() : [undefined];
  const hosts = spec.get("hosts").items();
  const used = new Set<Field>();
  const audiences = gateways.flatMap((field): Audience[] => {
    const name = field?.text() ?? MESH;
    if (name === MESH) return servicesOf(hosts, { item, context, used });
    return gatewayAudience(name, { hosts, item, context, used, field });
  });
  // Istio wants the names that TLS handshakes ask for among the hosts.
  const asked = spec
    .get("tls")
    .items()
    .flatMap((e) => e.get("match").items())
    .flatMap((m) => m.get("sniHosts").texts());
  for (const host of hosts) {
    if (used.has(host) || asked.includes(host.text() ?? "")) host.text();
    else
      host.lose({ message: "a route is for a service of the cluster, or for a host of one of the gateways" });
  }
  return audiences;
}

interface Search {
  readonly item: Item;
  readonly context: Context;
  /** Hosts that mean something to at least one of those the VirtualService is for. */
  readonly used: Set<Field>;
}

function servicesOf(hosts: readonly Field[], { item, context, used }: Search): Audience[] {
  return hosts.flatMap((host) => {
    const place = placeOf(host.text() ?? "", item.namespace);
    if (place === undefined) return [];
    used.add(host);
    return [{ kind: "service", service: context.draft.service(place, host.at) }];
  });
}

function gatewayAudience(
  written: string,
  { hosts, item, context, used, field }: Search & { hosts: readonly Field[]; field: Field | undefined },
): Audience[] {
  const key = written.includes("/") ? written : `${item.namespace}/${written}`;
  const gateway = context.gatewayNames.get(key);
  const known = gateway === undefined ? undefined : context.draft.gateways.get(gateway);
  if (gateway === undefined || known === undefined) {
    field?.lose({
      message: `there is no Gateway ${key} among the manifests`,
      hint: "add it to what is imported",
    });
    for (const host of hosts) used.add(host);
    return [];
  }
  const served = known.listeners.flatMap((listener) => listener.hosts);
  const names = hosts.flatMap((host) => {
    const name = host.text() ?? "";
    // A host wider than the gateway's means those of the gateway that it covers.
    const own = isHost(name) ? served.filter((s) => hostWithin(s, name)) : [];
    const fitting = served.some((s) => hostWithin(name, s)) ? [name] : own;
    if (fitting.length > 0) used.add(host);
    return fitting;
  });
  if (names.length === 0) return [];
  return [{ kind: "gateway", written, gateway, hosts: [...new Set(names)].sort() }];
}

function holdsFor(gateways: readonly string[] | undefined, audience: Audience): boolean {
  if (gateways === undefined) return true;
  return gateways.includes(audience.kind === "service" ? MESH : audience.written);
}

function targetFor(audience: Audience, port: number | undefined): RouteTarget {
  if (audience.kind === "gateway")
    return { kind: "gateway", gateway: audience.gateway, hosts: audience.hosts };
  return { kind: "service", service: audience.service.key, ...present({ port }) };
}

function connectionRoutes(audience: Audience, entries: readonly ConnectionEntry[], draft: Draft): Route[] {
  return entries
    .filter((entry) => holdsFor(entry.gateways, audience))
    .map((entry) => {
      tellEveryPort(audience, entry, draft);
      return entry.route(targetFor(audience, entry.port));
    });
}

/** A route is for hosts of a gateway, at whichever of its ports they are served. */
function tellEveryPort(
  audience: Audience,
  { port, at }: { readonly port?: number; readonly at: FieldPath },
  { gateways, losses }: Draft,
): void {
  if (audience.kind === "service" || port === undefined) return;
  const others = (gateways.get(audience.gateway)?.listeners ?? []).filter((l) => l.port !== port);
  const wider = others.filter((l) => l.hosts.some((own) => audience.hosts.some((h) => hostWithin(h, own))));
  if (wider.length === 0) return;
  const message = `the route holds at every port of gateway ${audience.gateway} that serves its hosts, not only at ${port}`;
  const hint = "give the ports hosts of their own, or two gateways";
  losses.push(warningAt(at, { code: "changed", message, hint }));
}

interface HttpInput {
  readonly entries: readonly HttpEntry[];
  readonly context: Context;
  readonly spec: Field;
}

function httpRoutes(audience: Audience, { entries, context, spec }: HttpInput): Route[] {
  const own = entries.filter(({ at }) => holdsFor(at.gateways, audience));
  for (const { at, match } of own) tellEveryPort(audience, { ...at, at: match.at }, context.draft);
  const ports = audience.kind === "service" ? portsOf(audience.service, own) : [undefined];
  return ports.flatMap((port): Route[] => {
    const calls = audience.kind === "service" && carriesGrpc(audience.service, port);
    const here = own.filter(({ at }) => at.port === undefined || port === undefined || at.port === port);
    const rules = fromFirstMatch(fromCharPrefixes(here, calls), context.draft.losses);
    if (rules.length === 0 || (audience.kind === "service" && isNothing(rules, audience.service))) return [];
    const target = targetFor(audience, port);
    const { at } = spec;
    const spoken =
      audience.kind === "service" ? { http: !calls, grpc: calls } : spokenAt(audience, context.draft);
    return byProtocol(rules, spoken, context.draft).map(({ kind, rules: said }): Route =>
      kind === "grpc" ? { kind, for: target, rules: said, at } : { kind, for: target, rules: said, at },
    );
  });
}

/** A route of everything to the service as it is says no more than that there is none. */
function isNothing(rules: readonly RouteRule[], { key }: DraftService): boolean {
  const [rule, second] = rules;
  if (rule === undefined || second !== undefined) return false;
  const { matches, backends, mirrors } = rule;
  const everything = matches.some(
    (m) => m.path.kind === "prefix" && m.path.value === "/" && m.method === undefined && isEmpty(m),
  );
  const itself = backends.every((b) => b.service === key && b.version === undefined);
  const bare = Object.keys(rule).every((part) => ["matches", "backends", "mirrors", "at"].includes(part));
  return everything && itself && bare && mirrors.length === 0;
}

function isEmpty({ headers, query, cookies }: Match): boolean {
  return headers.length + query.length + cookies.length === 0;
}

/** What the listeners of a gateway take that serve some hosts. */
function spokenAt({ gateway, hosts }: Audience & { kind: "gateway" }, draft: Draft): Spoken {
  const listeners = draft.gateways.get(gateway)?.listeners ?? [];
  const serving = listeners.filter((l) =>
    l.hosts.some((own) => hosts.some((h) => hostWithin(h, own) || hostWithin(own, h))),
  );
  const grpc = serving.some((l) => l.protocol === "grpc");
  return { grpc, http: !grpc || serving.some((l) => l.protocol === "http" || l.protocol === "https") };
}

/** With several ports that carry HTTP, a route is for one of them; entries that name none hold for each. */
function portsOf(service: DraftService, entries: readonly HttpEntry[]): readonly (number | undefined)[] {
  const ports = service.ports.filter((p) => isHttpLike(p.protocol)).map((p) => p.port);
  if (ports.length === 0) return entries.length === 0 ? [] : [undefined];
  if (ports.length === 1) return entries.every((e) => e.at.port === undefined) ? [undefined] : ports;
  return ports;
}

function carriesGrpc(service: DraftService, port: number | undefined): boolean {
  const meant = service.ports.filter(
    (p) => isHttpLike(p.protocol) && (port === undefined || p.port === port),
  );
  return meant.length > 0 && meant.every((p) => p.protocol === "grpc");
}
