import type { Service } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import type { Site } from "./site";

/** What a virtual machine joins as: a workload with the labels by which the service's selector finds it. */
export function workloadGroups({ intent }: Site): KubeObject[] {
  return intent.services.filter((s) => s.workloads === "vm").map(workloadGroup);
}

function workloadGroup({ name, namespace, selector, serviceAccount, ports }: Service): KubeObject {
  return kubeObject({
    apiVersion: "networking.istio.io/v1",
    kind: "WorkloadGroup",
    name,
    namespace,
    spec: {
      metadata: { labels: selector },
      template: {
        serviceAccount,
        ports: Object.fromEntries(ports.map((p) => [`${p.protocol}-${p.port}`, p.targetPort])),
      },
    },
  });
}
