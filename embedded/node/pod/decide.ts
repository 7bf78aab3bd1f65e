/** What has become of a container, as far as the next step depends on it. */
export interface ContainerView {
  readonly name: string;
  readonly role: "init" | "sidecar" | "main";
  readonly state: "none" | "running" | "ended";
  /** Exit code of an ended one. */
  readonly code: number;
  /** Running, its postStart hook done, and its startup probe passed. */
  readonly started: boolean;
}

export interface Decision {
  /** Containers to start, in this order. */
  readonly start: readonly string[];
  /** What the pod has come to; its sidecars are to be stopped then. */
  readonly outcome?: "Succeeded" | "Failed";
}

export type RestartPolicy = "Always" | "OnFailure" | "Never";

/**
 * The next step of a pod, as a kubelet takes it: init containers one after the other, a sidecar among them goes before
 * the next once it has started, and only then the main containers, all of them. Sidecars always come back.
 */
export function decide(containers: readonly ContainerView[], policy: RestartPolicy): Decision {
  const start: string[] = [];
  for (const container of containers.filter(({ role }) => role !== "main")) {
    if (container.role === "sidecar") {
      if (container.state !== "running") start.push(container.name);
      if (!container.started) return { start };
    } else if (container.state !== "ended") {
      return { start: container.state === "none" ? [...start, container.name] : start };
    } else if (container.code !== 0) {
      return policy === "Never" ? { start: [], outcome: "Failed" } : { start: [...start, container.name] };
    }
  }
  const main = containers.filter(({ role }) => role === "main");
  const comesBack = ({ code }: ContainerView): boolean =>
    policy === "Always" || (policy === "OnFailure" && code !== 0);
  for (const container of main) {
    if (container.state === "none" || (container.state === "ended" && comesBack(container)))
      start.push(container.name);
  }
  if (start.length > 0 || main.some(({ state }) => state !== "ended")) return { start };
  return { start: [], outcome: main.every(({ code }) => code === 0) ? "Succeeded" : "Failed" };
}
