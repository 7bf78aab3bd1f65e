import type { PodFacts } from "../fields";
import type { Image } from "../images";
import type { Pod, PodStatus, Service } from "../k8s";
import type { OpenedSandbox, PodSandbox } from "../sandbox/types";
import type { ReadData } from "./env";

/** What a pod's worker needs of the node it is on. */
export interface NodeContext {
  /** Folder of the node's state, see README. */
  readonly folder: string;
  readonly hostIp: string;
  readonly dnsIp: string;
  readonly machine: Pick<PodFacts, "cpus" | "memoryBytes">;
  readonly image: (name: string) => Image | undefined;
  readonly services: () => readonly Service[];
  readonly read: (namespace: string) => ReadData;
  readonly token: (pod: Pod, audience: string | undefined, seconds: number) => Promise<string>;
  /** The pod's network: the one it has, or a new one. */
  readonly open: (pod: Pod) => Promise<OpenedSandbox>;
  /** The network that an earlier agent made for the pod, if it is still there. */
  readonly reopen: (pod: Pod) => Promise<PodSandbox | undefined>;
  /** The pod's folder and address are free again. */
  readonly forget: (pod: Pod) => void;
  readonly publish: (pod: Pod, status: PodStatus) => Promise<void>;
  /** Takes the pod object itself away, once nothing of the pod is left. */
  readonly finish: (pod: Pod) => Promise<void>;
  readonly event: (pod: Pod, event: PodEvent) => void;
}

/** Something worth telling whoever looks at the pod. */
export interface PodEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}
