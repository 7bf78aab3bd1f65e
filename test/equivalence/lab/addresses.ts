/**
 * Addresses of the laboratory. It has a network of its own in which every address of 10.0.0.0/8 is the machine's own,
 * so that pods, cluster IPs and applications may have any of them, and nothing leaves it.
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

/** One sidecar and its pod: the laboratory has a few, used by one intent after the other. */
export const podIp = (slot: number): string => `10.1.${slot + 1}.10`;

/** Where the pod's own program sends what would be caught on its way out. */
export const outboundIp = (slot: number, listener: number): string => `10.200.${slot}.${listener + 1}`;

/** Where the pod's program listens, behind its sidecar. */
export const appIp = (slot: number): string => `10.201.${slot}.1`;

/** What is outside the mesh. */
export const OUTSIDE_IP = "10.202.0.1";

/** Callers without a sidecar. */
export const STRANGER_IP = "10.203.0.1";

/** Of the services of an intent, by their place in it. */
export const clusterIp = (index: number): string => `10.96.1.${index + 1}`;
