import type { ClusterPaths } from "./paths";
import type { ClusterTools } from "./tools";
import type { EmbeddedCluster } from "./types";

/** All that it takes to say how a cluster's components are run. */
export interface Setup {
  readonly cluster: EmbeddedCluster;
  readonly paths: ClusterPaths;
  readonly tools: ClusterTools;
}
