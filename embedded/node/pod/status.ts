import {
  isSidecar,
  type Condition,
  type Container,
  type ContainerStatus,
  type Pod,
  type PodStatus,
} from "../k8s";

/** What the status of a pod follows from, beside the pod. */
export interface PodFactsNow {
  readonly hostIp: string;
  /** Absent until the pod has its network. */
  readonly podIp?: string;
  readonly containers: ReadonlyMap<string, ContainerStatus>;
  readonly outcome?: "Succeeded" | "Failed";
  readonly now: Date;
}

const waiting = (container: Container, reason: string): ContainerStatus => ({
  name: container.name,
  image: container.image,
  imageID: "",
  ready: false,
  started: false,
  restartCount: 0,
  state: { waiting: { reason } },
  lastState: {},
});

function phase(pod: Pod, facts: PodFactsNow): NonNullable<PodStatus["phase"]> {
  if (facts.outcome !== undefined) return facts.outcome;
  const begun = pod.spec.containers.some(({ name }) => {
    const status = facts.containers.get(name);
    return (
      status?.state.running !== undefined ||
      status?.state.terminated !== undefined ||
      (status?.restartCount ?? 0) > 0
    );
  });
  return begun ? "Running" : "Pending";
}

/** A regular init container has done its part when it ended well, a sidecar when it has started. */
function isInitialized(pod: Pod, facts: PodFactsNow): boolean {
  return (pod.spec.initContainers ?? []).every((container) => {
    const status = facts.containers.get(container.name);
    return isSidecar(container) ? status?.started === true : status?.state.terminated?.exitCode === 0;
  });
}

function unready(pod: Pod, facts: PodFactsNow): string[] {
  const long = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers];
  return long.filter(({ name }) => facts.containers.get(name)?.ready !== true).map(({ name }) => name);
}

function conditions(pod: Pod, facts: PodFactsNow): Condition[] {
  const initialized = isInitialized(pod, facts);
  const missing = unready(pod, facts);
  const done = facts.outcome === "Succeeded";
  const words = {
    reason: "ContainersNotReady",
    message: `containers with unready status: [${missing.join(" ")}]`,
  };
  const why = done ? { reason: "PodCompleted" } : missing.length > 0 ? words : {};
  const ready = missing.length === 0 && facts.outcome === undefined;
  const flag = (value: boolean): "True" | "False" => (value ? "True" : "False");
  const own: Condition[] = [
    {
      type: "PodReadyToStartContainers",
      status: flag(facts.podIp !== undefined && facts.outcome === undefined),
    },
    {
      type: "Initialized",
      status: flag(initialized),
      ...(initialized ? {} : { reason: "ContainersNotInitialized" }),
    },
    { type: "Ready", status: flag(ready), ...why },
    { type: "ContainersReady", status: flag(ready), ...why },
    { type: "PodScheduled", status: "True" },
  ];
  const before = pod.status?.conditions ?? [];
  const foreign = before.filter(({ type }) => !own.some((condition) => condition.type === type));
  const timed = own.map((condition) => {
    const old = before.find(({ type }) => type === condition.type);
    const same = old?.status === condition.status && old.lastTransitionTime !== undefined;
    return { ...condition, lastTransitionTime: same ? old.lastTransitionTime : facts.now.toISOString() };
  });
  return [...timed, ...foreign];
}

/** The pod's status as a kubelet writes it. Conditions of others, readiness gates for instance, are kept. */
export function podStatus(pod: Pod, facts: PodFactsNow): PodStatus {
  const statusOf = (container: Container, fallback: string): ContainerStatus =>
    facts.containers.get(container.name) ?? waiting(container, fallback);
  const initialized = isInitialized(pod, facts);
  const fallback = initialized ? "ContainerCreating" : "PodInitializing";
  return {
    phase: phase(pod, facts),
    conditions: conditions(pod, facts),
    hostIP: facts.hostIp,
    hostIPs: [{ ip: facts.hostIp }],
    ...(facts.podIp === undefined ? {} : { podIP: facts.podIp, podIPs: [{ ip: facts.podIp }] }),
    startTime: pod.status?.startTime ?? facts.now.toISOString(),
    ...(pod.spec.initContainers === undefined
      ? {}
      : { initContainerStatuses: pod.spec.initContainers.map((c) => statusOf(c, "PodInitializing")) }),
    containerStatuses: pod.spec.containers.map((c) => statusOf(c, fallback)),
  };
}
