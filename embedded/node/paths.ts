import { join } from "node:path";
import { clusterDir } from "../home";

/** Everything the node of a cluster keeps on disk. */
export function nodeDir(cluster: string): string {
  return join(clusterDir(cluster), "node");
}
