import { errorAt, type Diagnostic, type FieldPath } from "../../../../lib";
import type { ClusterFeatures } from "../../../types";
import { CONSUL_NAMESPACE } from "../names";
import type { Site } from "../site";

/** Namespaces that every cluster has, or that belong to it. */
const TAKEN = ["default", "kube-system", "kube-public", "kube-node-lease", CONSUL_NAMESPACE];

/** What this cluster must let us do. */
export function siteFaults(
  site: Site,
  { cluster, at }: { readonly cluster: ClusterFeatures; readonly at: FieldPath },
): Diagnostic[] {
  const { options, intent } = site;
  if (options.platform === "agents") return [];
  const faults: Diagnostic[] = [];
  if (!cluster.netAdmin && !options.cni) {
    const message = "pods of this cluster may not hold NET_ADMIN, which sidecars need to redirect traffic";
    const hint = "set cni: true, so that a node agent redirects it";
    faults.push(errorAt(at, { code: "needs-cni", message, hint }));
  }
  if (cluster.webhooks.kind === "url") {
    const message =
      "Consul's injector is reached through its Service, and this cluster reaches webhooks at a URL only";
    const hint = "use a cluster whose API server reaches Services";
    faults.push(errorAt(at, { code: "unsupported-webhooks", message, hint }));
  }
  if (intent.gateways.length > 0 && cluster.gatewayApi.owner === "none") {
    const message =
      "gateways of Consul are objects of the Gateway API, which nobody installs on this cluster";
    const hint = "let the cluster have the Gateway API's CRDs";
    faults.push(errorAt(at, { code: "needs-gateway-api", message, hint }));
  }
  return [...faults, ...takenNamespaces(site)];
}

function takenNamespaces({ intent, options }: Site): Diagnostic[] {
  if (!options.createNamespaces) return [];
  return intent.services
    .filter((s) => s.workloads === "kubernetes" && TAKEN.includes(s.namespace))
    .map((s) =>
      errorAt(s.at, {
        code: "namespace-taken",
        message: `the namespace ${s.namespace} of service ${s.key} is not ours to make`,
        hint: "move the service, or set namespaces: { create: false } in the mesh's options and label its namespaces yourself",
      }),
    );
}
