import { stringify } from "yaml";
import { canonical, type JsonObject } from "../../../lib";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";

/** The ConfigMap in which a managed control plane looks for the user's MeshConfig. */
export function meshConfigMap(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  config: JsonObject,
): KubeObject {
  const mesh = stringify(canonical(config), { lineWidth: 0, aliasDuplicateObjects: false });
  return { ...kubeObject({ apiVersion: "v1", kind: "ConfigMap", name, namespace }), data: { mesh } };
}
