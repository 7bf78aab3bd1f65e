import type { KubeObject } from "../../../kube";
import { shortName } from "../object-id";
import { conditionOf, info, inNamespace, type Assessment, type Awaiter, type View } from "./types";

interface JobParts {
  readonly spec?: { readonly suspend?: boolean };
  readonly status?: {
    readonly startTime?: string;
    readonly active?: number;
    readonly succeeded?: number;
    readonly failed?: number;
  };
}

/** Ready when it has completed; given up when it has failed for good. */
export const job: Awaiter = { timeoutSeconds: 600, done: "Job initialization complete", pods, assess };

function assess({ object }: View): Assessment {
  const { spec = {}, status = {} } = object as unknown as JobParts;
  if (spec.suspend === true || conditionOf(object, "Complete")?.status === "True") return { ready: true };
  const { active = 0, succeeded = 0, failed = 0 } = status;
  const name = shortName(object);
  const progress = status.startTime
    ? `[2/2] Waiting for Job "${name}" to succeed (Active: ${active} | Succeeded: ${succeeded} | Failed: ${failed})`
    : `[1/2] Waiting for Job "${name}" to start`;
  const end = conditionOf(object, "Failed");
  const problems = end?.status === "True" ? [`[${end.reason ?? ""}] ${end.message ?? ""}`] : [];
  return { ready: false, failed: problems.length > 0, status: [info(progress)], problems };
}

function pods(object: KubeObject): ReturnType<NonNullable<Awaiter["pods"]>> {
  const labelSelector = `batch.kubernetes.io/job-name=${object.metadata.name ?? ""}`;
  return { apiVersion: "v1", kind: "Pod", labelSelector, ...inNamespace(object) };
}
