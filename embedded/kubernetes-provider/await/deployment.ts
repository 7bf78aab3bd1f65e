import {
  conditionOf,
  info,
  observed,
  podsOf,
  warning,
  workload,
  type Assessment,
  type Awaiter,
  type View,
} from "./types";

/** Ready when the newest ReplicaSet has rolled out, old pods are gone and all that is wanted is available. */
export const deployment: Awaiter = {
  timeoutSeconds: 600,
  done: "Deployment initialization complete",
  pods: podsOf,
  assess,
};

function assess({ object }: View): Assessment {
  const { spec = {}, status = {} } = workload(object);
  const wanted = spec.replicas ?? 1;
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status;
  const available = conditionOf(object, "Available");
  const progressing = conditionOf(object, "Progressing");
  const rolledOut = updatedReplicas >= wanted && replicas <= updatedReplicas && availableReplicas >= wanted;
  const progressed = progressing === undefined || progressing.reason === "NewReplicaSetAvailable";
  if (spec.paused === true) return { ready: true };
  if (observed(object) && rolledOut && progressed && available?.status === "True") return { ready: true };
  const troubles = [available, progressing].flatMap((condition) =>
    condition?.status === "False" && condition.reason && condition.message
      ? [`[${condition.reason}] ${condition.message}`]
      : [],
  );
  // Before the first pod was asked for there is nothing to tell.
  const counting = replicas > 0 && available !== undefined;
  const progress = `Waiting for app ReplicaSet to be available (${availableReplicas}/${wanted} Pods available)`;
  return {
    ready: false,
    status: [...troubles.map(warning), ...(counting ? [info(progress)] : [])],
    problems: [...troubles, shortfall(object, available?.status === "True")],
  };
}

function shortfall(object: View["object"], available: boolean): string {
  if (!available) return "Minimum number of live Pods was not attained";
  const rolling = conditionOf(object, "Progressing")?.reason !== "NewReplicaSetAvailable";
  return rolling && (object.metadata.generation ?? 1) > 1
    ? "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"
    : "Minimum number of Pods to consider the application live was not attained";
}
