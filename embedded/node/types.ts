/** What the node agent writes to `<clusterDir>/node/pods.json`, one entry per pod it runs, keyed `namespace/name`. */
export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly podIp: string;
  /** Name of the pod's network namespace; absent where pods run on the host. */
  readonly netns?: string;
  /** Where a port of the pod is reached from the host: the pod IP itself with `netns`, else a loopback address. */
  readonly host: string;
  /** Container port → port on `host`, where they differ. */
  readonly ports: { readonly [port: string]: number };
}
