import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EmbeddedCluster } from "../embedded/cluster/types";
import { clusterDir } from "../embedded/home";
import type { RunningPod } from "../embedded/node/types";

/** A pod that is to be connected to. */
export interface PodAddress {
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
}

/** Where a port of a pod is reached from this machine, as `host:port`. Throws, saying why, where it is not. */
export type Reach = (pod: PodAddress, port: number) => string;

/** In an embedded cluster the host has a route to pod IPs; where pods run on the host, their ports are remapped. */
export function reachEmbedded(cluster: EmbeddedCluster): Reach {
  if (cluster.dataPlane === "netns") return (pod, port) => `${pod.ip}:${port}`;
  const file = join(clusterDir(cluster.name), "node", "pods.json");
  return (pod, port) => {
    const running = (JSON.parse(readFileSync(file, "utf8")) as Record<string, RunningPod>)[
      `${pod.namespace}/${pod.name}`
    ];
    if (running === undefined)
      throw new Error(`${pod.namespace}/${pod.name} is simulated: nothing listens there`);
    return `${running.host}:${running.ports[String(port)] ?? port}`;
  };
}
