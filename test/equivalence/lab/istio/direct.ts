import { appIp, OUTSIDE_IP, type Block } from "../addresses";
import type { Pod } from "./pods";
import { CLUSTERS, LISTENERS, type Packed, type Snapshot } from "../xds/services";
import { bytesField, edit, fieldsOf, inside, number, numberField, text, without } from "../xds/wire";

/**
 * What istiod says to a sidecar is made for a pod whose traffic iptables redirects. The laboratory has no iptables: its
 * Envoys are called at addresses of their own. So these things, and no others, are changed on the way:
 *
 * 1. A listener for what the pod sends is bound, at an address of the laboratory instead of the caught one, and has its
 *    name from there.
 * 2. The listener for what the pod receives is bound once for each of its ports, at the pod's own address, without the
 *    filter that would ask iptables where a connection was going.
 * 3. The clusters that lead to the pod's own program, and those out of the mesh, lead to the program's and the outside's
 *    stand-ins, instead of where iptables says that a connection was going or where DNS says that a host is. A gateway's
 *    listeners are bound at its pod's address instead of all of them.
 * 4. Istio's own filters, which stock Envoy lacks, are taken out by name: they count, and decide nothing.
 */
export interface Direct {
  readonly snapshot: Snapshot;
  /** Where the pod's program sends what is for `<address>:<port>`, as the listener was named. */
  readonly outbound: ReadonlyMap<string, { readonly host: string; readonly port: number }>;
}

const BIND_TO_PORT = 26;
const ORIGINAL_DST = "envoy.filters.listener.original_dst";
const CATCH_ALL = 15001;
const ANY_PORT = 15999;
const INBOUND = "virtualInbound";
const OWN_FILTERS = /^istio\.(stats|metadata_exchange|alpn|peer_metadata)$|^istio\.stackdriver$/;

export function direct(snapshot: Snapshot, pod: Pod, outboundIps: Block): Direct {
  const outbound = new Map<string, { host: string; port: number }>();
  const listeners = (snapshot.get(LISTENERS) ?? []).flatMap(({ type_url, value }): Packed[] => {
    const plain = withoutOwnFilters(value);
    if (text(value, 1) === INBOUND) return inboundListeners(plain, pod).map((v) => ({ type_url, value: v }));
    const { host, port } = addressOf(value);
    // Probes and statistics of the agent, and what could only be caught.
    if (isAgents(value)) return [];
    if (pod.of.role === "router") return [{ type_url, value: bound(plain, { host: pod.ip, port }) }];
    // The one that takes everything turns away whoever calls it by its own port, which iptables leaves nobody to do.
    const at = { host: outboundIps.of(host), port: port === CATCH_ALL ? ANY_PORT : port };
    outbound.set(`${host}:${port}`, at);
    return [{ type_url, value: bound(plain, at) }];
  });
  const clusters = (snapshot.get(CLUSTERS) ?? []).map(({ type_url, value }) => ({
    type_url,
    value: ledTo(value, pod),
  }));
  return { snapshot: new Map([...snapshot, [LISTENERS, listeners], [CLUSTERS, clusters]]), outbound };
}

function addressOf(listener: Buffer): { host: string; port: number } {
  const socket = inside(inside(listener, 2) ?? Buffer.alloc(0), 1) ?? Buffer.alloc(0);
  return { host: text(socket, 2), port: number(socket, 3) };
}

function isAgents(listener: Buffer): boolean {
  const name = text(listener, 1);
  return name === "" || /15021|15090/.test(name);
}

function socketAddress(host: string, port: number): Buffer {
  return bytesField(1, Buffer.concat([bytesField(2, host), numberField(3, port)]));
}

/** A listener bound at an address of its own, that takes connections as they come. */
function bound(listener: Buffer, { host, port }: { host: string; port: number }): Buffer {
  const USE_ORIGINAL_DST = 4;
  // Named by its address, so that it takes the place of the one that another intent had there.
  const here = Buffer.concat([bytesField(1, `${host}_${port}`), bytesField(2, socketAddress(host, port))]);
  return Buffer.concat([without(withoutOriginalDst(listener), 1, 2, USE_ORIGINAL_DST, BIND_TO_PORT), here]);
}

function withoutOriginalDst(listener: Buffer): Buffer {
  const LISTENER_FILTERS = 9;
  return edit(listener, [LISTENER_FILTERS], (filter) =>
    text(filter, 1) === ORIGINAL_DST ? undefined : filter,
  );
}

function inboundListeners(listener: Buffer, { ip, of }: Pod): Buffer[] {
  const ports = [...new Set(of.ports.map((p) => p.targetPort))];
  return ports.map((port) => bound(listener, { host: ip, port }));
}

/** HTTP filters of Istio's own in every filter chain, and network filters. */
function withoutOwnFilters(listener: Buffer): Buffer {
  const kept = (filter: Buffer) => (OWN_FILTERS.test(text(filter, 1)) ? undefined : filter);
  const inChain = (chain: Buffer) => {
    const network = edit(chain, [3], kept);
    return edit(network, [3, 4], (any) =>
      /HttpConnectionManager$/.test(text(any, 1)) ? edit(any, [2, 5], kept) : any,
    );
  };
  return edit(edit(listener, [3], inChain), [25], inChain);
}

/** Kinds of clusters that find their endpoints in DNS (1, 2), or where a connection was going (4). */
const FOUND = [1, 2, 4];

/** `inbound|<port>||`, `PassthroughCluster`, `InboundPassthroughCluster`, and hosts outside. */
function ledTo(cluster: Buffer, pod: Pod): Buffer {
  const name = text(cluster, 1);
  const inbound = /^inbound\|(\d+)\|/.exec(name);
  // The port is the pod's own.
  if (inbound !== null) return fixed(cluster, appIp(pod.slot), Number(inbound[1]));
  if (/^InboundPassthroughCluster/.test(name)) return fixed(cluster, appIp(pod.slot), PASSTHROUGH_PORT);
  return FOUND.includes(number(cluster, 2)) ? fixed(cluster, OUTSIDE_IP, OUTSIDE_PORT) : cluster;
}

/** Where the stand-in for everything outside listens, and a pod's program for what no Service names. */
export const OUTSIDE_PORT = 80;
export const PASSTHROUGH_PORT = 9;

/** A cluster of one endpoint: its type (2), policy (6), source address (21) and original_dst settings (34) go. */
function fixed(cluster: Buffer, host: string, port: number): Buffer {
  const endpoint = bytesField(1, bytesField(1, socketAddress(host, port)));
  const assignment = Buffer.concat([bytesField(1, text(cluster, 1)), bytesField(2, bytesField(2, endpoint))]);
  return Buffer.concat([without(cluster, 2, 6, 21, 34, 33), bytesField(33, assignment)]);
}

/** For tests: the names of all filters of a listener, to see which there are. */
export function filterNames(listener: Buffer): string[] {
  return fieldsOf(listener)
    .filter((f) => f.no === 3 || f.no === 25)
    .flatMap((chain) => fieldsOf(chain.value).filter((f) => f.no === 3))
    .flatMap(({ value }) => {
      const manager = inside(inside(value, 4) ?? Buffer.alloc(0), 2) ?? Buffer.alloc(0);
      const http = fieldsOf(manager).filter((f) => f.no === 5 && f.type === 2);
      return [text(value, 1), ...(/http/.test(text(value, 1)) ? http.map((f) => text(f.value, 1)) : [])];
    });
}
