import { join } from "node:path";
import { clusterDir } from "../home";
import type { Pod } from "./k8s";

/** Everything the node of a cluster keeps on disk. */
export function nodeDir(cluster: string): string {
  return join(clusterDir(cluster), "node");
}

export const podsFolder = (node: string): string => join(node, "pods");

export const podFolder = (node: string, uid: string): string => join(podsFolder(node), uid);

export const logsFolder = (node: string): string => join(node, "logs");

export function logFile(node: string, pod: Pick<Pod, "metadata">, container: string): string {
  return join(logsFolder(node), `${pod.metadata.namespace}_${pod.metadata.name}_${container}.log`);
}

/** What `types.ts` calls RunningPod, by `namespace/name`. */
export const runningPodsFile = (node: string): string => join(node, "pods.json");
