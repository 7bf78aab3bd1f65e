import type { ContainerStatus, Pod } from "../k8s";
import type { PodStatus } from "../k8s";
import { podStatus } from "./status";

/** Says on a pod that nothing of it really runs. */
export const SIMULATED = "meshwright.dev/simulated";

/**
 * The status of a pod that must be on this node, a DaemonSet's, though nothing here stands in for its image: it is said
 * to run, as on simulated nodes, and the annotation above is put on it.
 */
export function simulatedStatus(pod: Pod, hostIp: string, podIp: string): PodStatus {
  const now = new Date();
  const startedAt = pod.status?.startTime ?? now.toISOString();
  const running = (name: string, image: string): ContainerStatus => ({
    name,
    image,
    imageID: "",
    containerID: `simulated://${pod.metadata.uid}-${name}`,
    ready: true,
    started: true,
    restartCount: 0,
    state: { running: { startedAt } },
    lastState: {},
  });
  const containers = new Map<string, ContainerStatus>();
  for (const { name, image } of pod.spec.containers) containers.set(name, running(name, image));
  for (const { name, image, restartPolicy } of pod.spec.initContainers ?? []) {
    const ended = { exitCode: 0, reason: "Completed", startedAt, finishedAt: startedAt, containerID: "" };
    const done = { ...running(name, image), started: false, state: { terminated: ended } };
    containers.set(name, restartPolicy === "Always" ? running(name, image) : done);
  }
  return podStatus(pod, { hostIp, podIp: pod.spec.hostNetwork === true ? hostIp : podIp, containers, now });
}

/** Whether a pod is tied to one node, so that it cannot be left to a simulated one. */
export const isTiedToNode = (pod: Pick<Pod, "metadata">): boolean =>
  pod.metadata.ownerReferences?.some(({ kind, controller }) => kind === "DaemonSet" && controller === true) ??
  false;
