import { groupBy, hostWithin } from "../../../lib";
import type { Listener, RouteTarget } from "../../intent/types";
import type { Field } from "../field";
import type { Item } from "../manifests";

/** A listener by the name that routes call it by. */
export interface NamedListener {
  readonly name: string;
  readonly listener: Listener;
  /** Whether its `allowedRoutes` let in routes of a kind and a namespace. */
  readonly admits: (route: Item) => boolean;
}

/** A gateway of the intent and its listeners. */
export interface KnownGateway {
  readonly name: string;
  readonly listeners: readonly NamedListener[];
}

/** A route's `parentRefs` entry, and the `namespace/name` of the Gateway that it names. */
export interface GatewayRef {
  readonly ref: Field;
  readonly key: string;
}

interface Sought {
  readonly item: Item;
  readonly hostnames: readonly Field[];
  readonly gateways: ReadonlyMap<string, KnownGateway>;
}

/** The gateways whose listeners take a route, each once, however many of its listeners the route names. */
export function gatewayTargets(refs: readonly GatewayRef[], sought: Sought): RouteTarget[] {
  const served = new Set<string>();
  const targets = [...groupBy(refs, ({ key }) => key)].flatMap(([key, named]): RouteTarget[] => {
    const known = sought.gateways.get(key);
    if (known === undefined) return unknownGateway(key, named);
    const chosen = new Set(named.flatMap(({ ref }) => listenersFor(ref, known, sought.item)));
    const hosts = hostsOf([...chosen], sought.hostnames);
    if (chosen.size === 0) return [];
    if (hosts.length === 0) return loseEach(named, `gateway ${known.name} has none of these hosts`);
    tellWidened(named, { known, chosen, hosts, item: sought.item });
    for (const { listener } of chosen) for (const host of listener.hosts) served.add(host);
    return [{ kind: "gateway", gateway: known.name, hosts }];
  });
  for (const hostname of targets.length === 0 ? [] : sought.hostnames) {
    if (within(hostname.text() ?? "", [...served]).length > 0) continue;
    hostname.lose({ message: "no listener that the route is for serves this host" });
  }
  return targets;
}

function unknownGateway(key: string, named: readonly GatewayRef[]): [] {
  const message = `there is no Gateway ${key} among the manifests`;
  for (const { ref } of named) ref.lose({ message, hint: "add it to what is imported" });
  return [];
}

function loseEach(named: readonly GatewayRef[], message: string): [] {
  for (const { ref } of named) ref.lose({ message });
  return [];
}

/** The listeners that a reference names, and that carry and let in such routes. */
function listenersFor(ref: Field, { name, listeners }: KnownGateway, item: Item): readonly NamedListener[] {
  const section = ref.get("sectionName").text();
  const port = ref.get("port").number();
  const named = listeners
    .filter((one) => section === undefined || one.name === section)
    .filter(({ listener }) => port === undefined || listener.port === port);
  const taking = named.filter((one) => carries(one, item) && one.admits(item));
  if (taking.length === 0) {
    const whose = `${item.kind}s of namespace ${item.namespace}`;
    ref.lose({
      message:
        named.length === 0
          ? `gateway ${name} has no such listener`
          : `gateway ${name} takes no ${whose} there`,
    });
  }
  return taking;
}

const CARRIED: Readonly<Record<string, readonly Listener["protocol"][]>> = {
  HTTPRoute: ["http", "https", "grpc"],
  GRPCRoute: ["http", "https", "grpc"],
  TLSRoute: ["tls"],
  TCPRoute: ["tcp"],
};

function carries({ listener }: NamedListener, { kind }: Item): boolean {
  return CARRIED[kind]?.includes(listener.protocol) === true;
}

function hostsOf(listeners: readonly NamedListener[], hostnames: readonly Field[]): string[] {
  const served = listeners.flatMap(({ listener }) => listener.hosts);
  const asked = hostnames.flatMap((field) => within(field.text() ?? "", served));
  return [...new Set(hostnames.length === 0 ? served : asked)].sort();
}

/** A host that a gateway serves; of one wider than its hosts, those hosts. */
function within(host: string, served: readonly string[]): string[] {
  if (served.some((outer) => hostWithin(host, outer))) return [host];
  return served.filter((inner) => hostWithin(inner, host));
}

interface Narrowed {
  readonly known: KnownGateway;
  readonly chosen: ReadonlySet<NamedListener>;
  readonly hosts: readonly string[];
  readonly item: Item;
}

/** In an intent a route is for hosts, whichever listeners serve them. */
function tellWidened(named: readonly GatewayRef[], { known, chosen, hosts, item }: Narrowed): void {
  const others = known.listeners.filter((one) => !chosen.has(one) && carries(one, item));
  const wider = others.filter(({ listener }) => within(listener.hosts[0] ?? "", hosts).length > 0);
  if (wider.length === 0) return;
  const names = wider.map(({ name }) => name).join(", ");
  for (const { ref } of named) {
    const message = `the route holds for every listener of gateway ${known.name} that serves its hosts: for ${names} as well`;
    ref.change(message, "give the listeners hosts of their own, or two gateways");
  }
}
