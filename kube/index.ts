export { KubeClient, refOf } from "./client";
export { fixedConnection, type Credential, type KubeConnection } from "./connection";
export * from "./errors";
export { follow, type FollowEvent } from "./follow";
export { connectionOf, loadKubeconfig, parseKubeconfig, type Kubeconfig } from "./kubeconfig";
export { sleep } from "./retry";
export { AbortedError, type Request } from "./transport";
export * from "./types";
