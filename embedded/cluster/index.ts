export { chooseBackend, createKindCluster, deleteKindCluster, type KindCluster } from "./kind";
export { readCluster } from "./read";
export { startCluster } from "./start";
export { listClusters } from "./state";
export { clusterStatus } from "./status";
export { deleteCluster, stopCluster } from "./stop";
export { toolsOf } from "./tools";
export type * from "./types";
