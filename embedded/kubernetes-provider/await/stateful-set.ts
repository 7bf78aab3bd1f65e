import { info, observed, podsOf, workload, type Assessment, type Awaiter, type View } from "./types";

/** Ready when every wanted replica is ready and, unless pods are replaced by hand, at the newest revision. */
export const statefulSet: Awaiter = {
  timeoutSeconds: 600,
  done: "StatefulSet initialization complete",
  pods: podsOf,
  assess,
};

function assess({ object }: View): Assessment {
  const { spec = {}, status = {} } = workload(object);
  const wanted = spec.replicas ?? 1;
  const {
    readyReplicas = 0,
    replicas = 0,
    updatedReplicas = 0,
    currentRevision = "",
    updateRevision = "",
  } = status;
  const counted = observed(object) && replicas === wanted && readyReplicas >= wanted;
  const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  const byHand = spec.updateStrategy?.type === "OnDelete";
  const revised =
    byHand || (partition > 0 ? updatedReplicas >= wanted - partition : currentRevision === updateRevision);
  if (counted && revised) return { ready: true };
  const first = (object.metadata.generation ?? 1) <= 1;
  const pods = `(${readyReplicas}/${wanted} Pods ready)`;
  const rolling = counted
    ? "[2/3] Waiting for StatefulSet to update .status.currentRevision"
    : `[1/3] Waiting for StatefulSet update to roll out ${pods}`;
  const problems = [
    ...(counted ? [] : [`${readyReplicas} out of ${wanted} replicas succeeded readiness checks`]),
    ...(revised
      ? []
      : [
          `StatefulSet controller failed to advance from revision "${currentRevision}" to revision "${updateRevision}"`,
        ]),
  ];
  const text = first ? `[1/2] Waiting for StatefulSet to create Pods ${pods}` : rolling;
  return { ready: false, status: [info(text)], problems };
}
