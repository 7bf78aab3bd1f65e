import type { Pod } from "../k8s";
import type { OpenedSandbox, PodSandbox } from "./types";

/** A way to run pods: in network namespaces, or on the host. */
export interface Plane {
  /** InternalIP of the node, `status.hostIP` of its pods. */
  readonly hostIp: string;
  readonly dnsIp: string;
  /** The pod's network: the one it has, or a new one. */
  readonly open: (pod: Pod) => Promise<OpenedSandbox>;
  readonly reopen: (pod: Pod) => Promise<PodSandbox | undefined>;
  /** The pod's address may be given to another. */
  readonly forget: (uid: string) => void;
  /** An address for a pod that is only simulated. */
  readonly reserve: (pod: Pod) => string;
  /** Uids of the pods that have a network or an address. */
  readonly known: () => readonly string[];
  /** Ends and removes what is left of a pod whose object is gone. */
  readonly clear: (uid: string) => Promise<void>;
}
