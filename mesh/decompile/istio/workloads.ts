import { hasAll } from "../services";
import type { Context } from "./context";

/** Services whose workloads are virtual machines: those that a WorkloadGroup's labels belong to. */
export function readWorkloadGroups({ manifests, draft }: Context): void {
  for (const { namespace, spec } of manifests.take("networking.istio.io", "WorkloadGroup")) {
    const labels = spec.get("metadata", "labels").textMap();
    const services = [...draft.services.values()].filter(
      (s) => s.namespace === namespace && hasAll(labels, s.selector),
    );
    const account = spec.get("template", "serviceAccount").text();
    for (const service of services) {
      service.workloads = "vm";
      service.serviceAccount = account ?? service.serviceAccount;
    }
    if (services.length > 0) spec.accept();
    else
      spec.lose({
        message: "machines that belong to no service among the manifests have no place in an intent",
      });
  }
}
