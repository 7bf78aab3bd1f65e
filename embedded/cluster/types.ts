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
}
