/**
 * Addresses of the laboratory. It has a network of its own in which every IPv4 address is the machine's own, so that
 * pods, cluster IPs, programs and callers may have any of them, and nothing leaves it.
 */
export const API_SERVER = { host: "127.0.0.1", port: 6443 } as const;
export const ETCD_PORT = 2379;
export const SERVICE_CIDR = "10.96.0.0/16";
export const ISTIOD = {
  xds: "127.0.0.1:15010",
  secureXds: "127.0.0.1:15012",
  http: "127.0.0.1:8080",
  https: "127.0.0.1:15017",
  monitoring: "127.0.0.1:15014",
} as const;
/** Where the Envoys are told what istiod says, and get their certificates. */
export const RELAY_PORT = 15020;
export const adminPort = (slot: number): number => 19_000 + slot;

/** Addresses of the first pods, in blocks that intents speak of. */
const FIRST = ["10.1.2.3", "10.1.2.4", "192.168.7.7", "172.16.0.1"];

/** A pod and its proxy are one slot: the laboratory has a few, used by one intent after the other. */
export const podIp = (slot: number): string =>
  FIRST[slot] ?? (slot % 2 === 0 ? `10.1.${slot}.10` : `100.64.${slot}.10`);

/** Where the pod's own program sends what would be caught on its way out. */
export const outboundBlock = (slot: number): string => `10.200.${slot}`;

/** Where the pod's program listens, behind its sidecar. */
export const appIp = (slot: number): string => `10.201.${slot}.1`;

/** What is outside the mesh. */
export const OUTSIDE_IP = "10.202.0.1";

/** Where documents are published, for istiod to fetch. */
export const PUBLISHED_IP = "10.204.0.1";
export const PUBLISHED = `http://${PUBLISHED_IP}`;

/** Callers without a sidecar, in no block that an intent speaks of. */
export const STRANGER_IP = "203.0.113.9";

/** Where the API server gives out none by itself. */
export const CLUSTER_IPS = "10.96.0";

/** Addresses of one block given out by name: the same name has the same one for good. */
export class Block {
  private readonly given = new Map<string, string>();

  constructor(private readonly block: string) {}

  of(name: string): string {
    const known = this.given.get(name) ?? `${this.block}.${this.given.size + 10}`;
    this.given.set(name, known);
    return known;
  }
}
