export { chooseBackend, createKindCluster, deleteKindCluster, type Backend } from "./kind";
export { type KindCluster } from "./kind-read";
export { readCluster } from "./read";
export { startCluster } from "./start";
export { listClusters } from "./state";
export { clusterStatus } from "./status";
export { deleteCluster, stopCluster } from "./stop";
export { toolsOf } from "./tools";
export type * from "./types";
