import { byText, errorAt, type Diagnostic } from "../../../lib";
import type { NormalizedIntent } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { memberOf } from "./federation";
import { injectionLabels, ROOT_NAMESPACE } from "./names";
import type { IstioOptions } from "./options";
import { WAYPOINT } from "./waypoints";

/** Namespaces that every cluster has, or that belong to it. */
const TAKEN = ["default", "kube-system", "kube-public", "kube-node-lease", ROOT_NAMESPACE];

/** The control plane's namespace, the gateways', and those of the intent's services, ready for injection. */
export function namespaces(intent: NormalizedIntent, options: IstioOptions): KubeObject[] {
  const injected = new Set([
    ...(intent.gateways.length > 0 ? [options.gatewayNamespace] : []),
    ...(options.createNamespaces ? intent.services.map((s) => s.namespace) : []),
  ]);
  const member = memberOf(intent, options);
  if (member !== undefined) injected.add(options.gatewayNamespace);
  injected.delete(ROOT_NAMESPACE);
  return [
    namespace(ROOT_NAMESPACE, member === undefined ? {} : { "topology.istio.io/network": member.name }),
    ...[...injected].sort(byText).map((name) => namespace(name, labelsFor(name, options))),
  ];
}

/** Gateways are injected in every mode. */
function labelsFor(name: string, options: IstioOptions): { readonly [label: string]: string } {
  const { form, gatewayNamespace } = options;
  if (form === "sidecar" || form === "gatewayApi" || name === gatewayNamespace)
    return injectionLabels(options);
  return { "istio.io/dataplane-mode": "ambient", ...(form === "waypoints" ? WAYPOINT_LABELS : {}) };
}

/** What comes from gateways goes through the waypoint as well. */
const WAYPOINT_LABELS = { "istio.io/use-waypoint": WAYPOINT, "istio.io/ingress-use-waypoint": "true" };

/** Services in namespaces that cannot be made, since they are there before us. */
export function namespaceFaults(intent: NormalizedIntent, options: IstioOptions): Diagnostic[] {
  if (!options.createNamespaces) return [];
  return intent.services
    .filter((s) => TAKEN.includes(s.namespace))
    .map((s) =>
      errorAt(s.at, {
        code: "namespace-taken",
        message: `the namespace ${s.namespace} of service ${s.key} is not ours to make`,
        hint: "move the service, or set namespaces: { create: false } in the mesh's options and label its namespaces yourself",
      }),
    );
}

function namespace(name: string, labels: { readonly [label: string]: string }): KubeObject {
  return kubeObject({ apiVersion: "v1", kind: "Namespace", name, labels });
}
