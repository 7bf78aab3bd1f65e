export { apiServer } from "./api-server";
export { controllerManager } from "./controller-manager";
export { etcd } from "./etcd";
export { kwok } from "./kwok";
export { hasNodeAgent, nodeAgent } from "./node-agent";
export { scheduler } from "./scheduler";
