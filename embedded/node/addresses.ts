/** Addresses and names of one cluster's node network: all follow from the number of its block. */
export interface NodeNetwork {
  /** Number of the /16 block, see `blockOf`. */
  readonly index: number;
  /** Name of the link on the host, of the node's network namespace, and prefix of the pods' namespaces. */
  readonly name: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** The host's end of the link: where the API server listens. */
  readonly hostIp: string;
  /** The node's end of the link: InternalIP of the process node. */
  readonly nodeIp: string;
  /** Pods of the process node. */
  readonly podRange: string;
  /** The pods' way out: the node's end of each pod's link. */
  readonly gatewayIp: string;
  /** Pods of simulated nodes: nothing answers there. */
  readonly simulatedRange: string;
  readonly apiServiceIp: string;
  readonly dnsServiceIp: string;
}

const BLOCKS: readonly string[] = [
  ...Array.from({ length: 100 }, (_, i) => `10.${100 + i}`),
  ...Array.from({ length: 16 }, (_, i) => `172.${16 + i}`),
  "198.18",
  "198.19",
];

export const BLOCK_COUNT = BLOCKS.length;

/** First two octets of block `index`; the private 172.16/12 and the benchmark range 198.18/15 come after 10.100–10.199. */
export function blockOf(index: number): string {
  const block = BLOCKS[index];
  if (block === undefined) throw new RangeError(`no block ${index}, there are ${BLOCK_COUNT}`);
  return block;
}

export function networkOf(index: number): NodeNetwork {
  const block = blockOf(index);
  return {
    index,
    name: `mw${index}`,
    podCidr: `${block}.0.0/17`,
    serviceCidr: `${block}.128.0/17`,
    hostIp: `${block}.0.1`,
    nodeIp: `${block}.0.2`,
    podRange: `${block}.1.0/24`,
    gatewayIp: `${block}.1.1`,
    simulatedRange: `${block}.64.0/18`,
    apiServiceIp: `${block}.128.1`,
    dnsServiceIp: `${block}.128.10`,
  };
}

/** Pod addresses are numbered 2 to 254 within `podRange`. */
export function podIp(network: NodeNetwork, pod: number): string {
  return `${blockOf(network.index)}.1.${pod}`;
}

export function podNetns(network: NodeNetwork, pod: number): string {
  return `${network.name}-${pod}`;
}

function toNumber(ip: string): number {
  return ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** Whether two IPv4 ranges `a.b.c.d/n` share an address. A plain address counts as /32. */
export function overlaps(a: string, b: string): boolean {
  const [first, second] = [a, b].map((cidr) => {
    const [ip = "", bits = "32"] = cidr.split("/");
    const size = 2 ** (32 - Number(bits));
    const start = Math.floor(toNumber(ip) / size) * size;
    return { start, end: start + size - 1 };
  });
  if (first === undefined || second === undefined) return false;
  return first.start <= second.end && second.start <= first.end;
}
