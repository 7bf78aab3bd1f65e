import type { KubeClient } from "../../kube";
import type { Pod } from "./k8s";
import type { PodEvent } from "./pod/context";

const REPEAT_MS = 60_000;

/** Writes events about pods. The same one is written once a minute at most; what cannot be written is dropped. */
export class Events {
  private readonly told = new Map<string, number>();

  constructor(
    private readonly client: KubeClient,
    private readonly node: string,
  ) {}

  write(pod: Pod, event: PodEvent): void {
    const { namespace, name, uid } = pod.metadata;
    const key = `${uid} ${event.reason} ${event.message}`;
    const now = Date.now();
    if (now - (this.told.get(key) ?? 0) < REPEAT_MS) return;
    if (this.told.size > 1000) this.told.clear();
    this.told.set(key, now);
    if (event.type === "Warning") console.error(`${namespace}/${name}: ${event.reason}: ${event.message}`);
    const time = new Date(now).toISOString();
    const object = {
      apiVersion: "v1",
      kind: "Event",
      metadata: {
        name: `${name}.${now.toString(16)}${Math.floor(Math.random() * 0xffff).toString(16)}`,
        namespace,
      },
      involvedObject: { apiVersion: "v1", kind: "Pod", namespace, name, uid },
      type: event.type,
      reason: event.reason,
      message: event.message.slice(0, 1000),
      source: { component: "kubelet", host: this.node },
      reportingComponent: "kubelet",
      reportingInstance: this.node,
      firstTimestamp: time,
      lastTimestamp: time,
      count: 1,
    };
    this.client.create(object, { fieldManager: "meshwright-node" }).catch(() => undefined);
  }
}
