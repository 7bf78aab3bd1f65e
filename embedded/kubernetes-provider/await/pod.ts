import type { KubeObject } from "../../../kube";
import { shortName } from "../object-id";
import { conditionOf, info, warning, type Assessment, type Awaiter, type View } from "./types";

interface PodParts {
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly state?: { readonly waiting?: Stop; readonly terminated?: Stop };
  readonly lastState?: { readonly terminated?: Stop };
}

interface Stop {
  readonly reason?: string;
  readonly message?: string;
  readonly exitCode?: number;
  readonly finishedAt?: string;
}

/** Ready when scheduled, initialized and its containers are ready, or when it has done its work. */
export const pod: Awaiter = { timeoutSeconds: 300, done: "Pod initialization complete", assess };

function assess({ object }: View): Assessment {
  if (isReady(object)) return { ready: true };
  const { status } = object as unknown as PodParts;
  const trouble = podTrouble(object);
  const scheduled = conditionOf(object, "PodScheduled");
  const steps = ["PodScheduled", "Initialized", "Ready"];
  const words = ["scheduled", "initialized", "ready"];
  const step = Math.max(
    0,
    steps.findIndex((type) => conditionOf(object, type)?.status !== "True"),
  );
  const waiting = info(`[${step + 1}/3] Waiting for Pod "${shortName(object)}" to be ${words[step]}`);
  const unscheduled = scheduled?.status === "False" && scheduled.message ? [scheduled.message] : [];
  return {
    ready: false,
    failed: status?.phase === "Failed",
    status: trouble ? [waiting, warning(trouble)] : [waiting],
    problems: trouble ? [trouble] : unscheduled,
  };
}

function isReady(object: KubeObject): boolean {
  const { status } = object as unknown as PodParts;
  return status?.phase === "Succeeded" || conditionOf(object, "Ready")?.status === "True";
}

/** What keeps a pod from being ready, as one line; undefined if nothing is known to be wrong. */
export function podTrouble(object: KubeObject): string | undefined {
  if (isReady(object)) return undefined;
  if (conditionOf(object, "PodScheduled")?.status !== "True") return undefined;
  const condition = [conditionOf(object, "Initialized"), conditionOf(object, "Ready")].find(
    (c) => c?.status !== "True",
  );
  const { status } = object as unknown as PodParts;
  const containers = (status?.containerStatuses ?? []).flatMap(containerTroubles);
  const said = condition?.reason && condition.message ? condition.message : "";
  if (!condition || (containers.length === 0 && !said)) return undefined;
  return `[Pod ${shortName(object)}]: ${said}${containers.join("\n")}`;
}

function containerTroubles(container: ContainerStatus): string[] {
  if (container.ready) return [];
  const { waiting, terminated } = container.state ?? {};
  const last = container.lastState?.terminated;
  const troubles: string[] = [];
  if (waiting && waiting.reason !== "ContainerCreating" && waiting.reason !== "PodInitializing") {
    troubles.push(`[${waiting.reason ?? ""}] ${trimmed(waiting.message)}`);
  }
  if (terminated?.reason) {
    const ended = `container "${container.name}" completed with exit code ${terminated.exitCode ?? 0}`;
    troubles.push(terminated.message ? `[${terminated.reason}] ${trimmed(terminated.message)}` : ended);
  }
  if (last) {
    const how = `${last.reason ?? ""}: exit code ${last.exitCode ?? 0}`;
    troubles.push(`container "${container.name}" terminated at ${last.finishedAt ?? ""} (${how})`);
    if (last.message) troubles.push(last.message);
  }
  return troubles;
}

/** Drops what the container runtime wraps around the image's own error. */
function trimmed(message = ""): string {
  return message
    .replace(/^rpc error: code = Unknown desc = Error response from daemon: /, "")
    .replace(/: manifest unknown$/, "");
}
