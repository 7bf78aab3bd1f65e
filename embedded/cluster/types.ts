import type { NodeNetwork } from "../node/addresses";

/** How pods of images that are known run. */
export type DataPlane =
  /** Root on Linux: processes in network namespaces with the pod's own IP, real Envoy sidecars. */
  | "netns"
  /** Without root: istiod as a process on loopback, everything else simulated. */
  | "host";

/** What `cluster.json` in the cluster's folder holds while it exists. */
export interface EmbeddedCluster {
  readonly name: string;
  readonly kubernetesVersion: string;
  readonly server: string;
  /** Path of the admin kubeconfig, mode 0600. */
  readonly kubeconfig: string;
  readonly dataPlane: DataPlane;
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Origin at which the API server reaches istiod's webhooks, when not through its Service. */
  readonly webhookOrigin?: string;
  /** Its addresses, owned by embedded/node. With data plane `host` none of them is on the machine. */
  readonly network: NodeNetwork;
  readonly ports: ClusterPorts;
}

/** TCP ports chosen when the cluster is made, and chosen anew at a start that finds one taken. */
export interface ClusterPorts {
  readonly apiServer: number;
  /** Loopback port at which the node agent answers the scheduler's `POST /filter`. */
  readonly extender: number;
  /** Loopback port of istiod's webhooks with data plane `host`: the port of `webhookOrigin`. */
  readonly webhook: number;
}

export interface ClusterRequest {
  readonly name: string;
  readonly dataPlane: DataPlane;
}

/** Takes one line of progress at a time. */
export type Progress = (line: string) => void;

export type ComponentName =
  "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok" | "node-agent";

export interface ComponentStatus {
  readonly name: ComponentName;
  readonly state: "running" | "stopped";
  readonly pid?: number;
  /** Resident memory in bytes, where the system tells it. */
  readonly residentBytes?: number;
  readonly log: string;
}

export interface ClusterStatus {
  readonly name: string;
  /** `partly` when some components run and others do not: `startCluster` repairs it. */
  readonly state: "absent" | "stopped" | "partly" | "running";
  readonly cluster?: EmbeddedCluster;
  readonly components: readonly ComponentStatus[];
}
