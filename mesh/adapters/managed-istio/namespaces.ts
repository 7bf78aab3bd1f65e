import { byText, errorAt, type Diagnostic } from "../../../lib";
import type { NormalizedIntent } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";

/** Namespaces whose pods get proxies. */
export function memberNamespaces(
  names: Iterable<string>,
  labels: { readonly [label: string]: string },
): KubeObject[] {
  return [...new Set(names)]
    .sort(byText)
    .map((name) => kubeObject({ apiVersion: "v1", kind: "Namespace", name, labels }));
}

/** Namespaces that every cluster has. */
const EVERYWHERE = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Services in namespaces that cannot be made, since they are there before us; `own` are the mesh's. */
export function namespaceFaults(intent: NormalizedIntent, own: readonly string[]): Diagnostic[] {
  const taken = [...EVERYWHERE, ...own];
  return intent.services
    .filter((s) => taken.includes(s.namespace))
    .map((s) =>
      errorAt(s.at, {
        code: "namespace-taken",
        message: `the namespace ${s.namespace} of service ${s.key} is not ours to make`,
        hint: "move the service, or set namespaces: { create: false } in the mesh's options and label its namespaces yourself",
      }),
    );
}
