export { apiServer } from "./api-server";
export { controllerManager } from "./controller-manager";
export { etcd, ETCD_SOCKET } from "./etcd";
export { kwok } from "./kwok";
export { nodeAgent } from "./node-agent";
export { scheduler } from "./scheduler";
