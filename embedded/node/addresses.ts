import type { EmbeddedCluster } from "../cluster/types";

/** What the node network of a cluster follows from. */
export type NetworkPlan = Pick<EmbeddedCluster, "name" | "podCidr" | "serviceCidr" | "network">;

function toNumber(ip: string): number {
  return ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** Address number `n` of a range: 0 is the range's own. */
export function nth(cidr: string, n: number): string {
  const value = toNumber(cidr.split("/")[0] ?? "") + n;
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

export const prefixLength = (cidr: string): number => Number(cidr.split("/")[1]);

/** Name of the link on the host and of the node's network namespace. */
export const nodeNetns = (plan: NetworkPlan): string => `mw${plan.network.slot}`;

/** The bridge's address: the pods' way out. */
export const gatewayIp = (plan: NetworkPlan): string => nth(plan.network.processCidr, 1);

/** The Service behind which the agent answers DNS, where clusters have it by custom. */
export const dnsServiceIp = (plan: NetworkPlan): string => nth(plan.serviceCidr, 10);

/** Pods are numbered from 2; the number gives the address and the name of the namespace. */
export const podIp = (plan: NetworkPlan, pod: number): string => nth(plan.network.processCidr, pod);

export const podNetns = (plan: NetworkPlan, pod: number): string => `${nodeNetns(plan)}-${pod}`;
