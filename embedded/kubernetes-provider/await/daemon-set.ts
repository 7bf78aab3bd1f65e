import { info, observed, podsOf, workload, type Assessment, type Awaiter, type View } from "./types";

/** Ready when every node that should have a pod has an available one and, unless by hand, the newest. */
export const daemonSet: Awaiter = {
  timeoutSeconds: 600,
  done: "DaemonSet initialization complete",
  pods: podsOf,
  assess,
};

function assess({ object }: View): Assessment {
  const { spec = {}, status = {} } = workload(object);
  const {
    desiredNumberScheduled: wanted,
    updatedNumberScheduled: updated = 0,
    numberAvailable: available = 0,
  } = status;
  const newest = spec.updateStrategy?.type === "OnDelete" || updated >= (wanted ?? 0);
  if (observed(object) && wanted !== undefined && newest && available >= wanted) return { ready: true };
  const progress = `Waiting for DaemonSet Pods to be available (${available}/${wanted ?? 0} Pods available)`;
  const problems = ["Minimum number of live Pods was not attained"];
  return { ready: false, status: [info(progress)], problems };
}
