import type { EmbeddedCluster } from "../embedded/cluster/types";
import { reachPod } from "../embedded/node/exec";

/** A pod that is to be connected to. */
export interface PodAddress {
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
}

/** Where a port of a pod is reached from this machine, as `host:port`. Throws, saying why, where it is not. */
export type Reach = (pod: PodAddress, port: number) => string;

/** What is reached of a cluster: its pods, or nothing, and why. */
export type Reachable = { readonly pods: Reach } | { readonly not: string };

/** In an embedded cluster the host has a route to pod IPs; where pods run on the host, their ports are remapped. */
export function reachEmbedded(cluster: EmbeddedCluster): Reach {
  return (pod, port) => {
    const at = reachPod(cluster.name, pod, port);
    return `${at.host}:${at.port}`;
  };
}
