import type { JsonObject } from "../../../../lib";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";

export function networking(
  kind: string,
  { name, namespace, spec }: { name: string; namespace: string; spec: JsonObject },
): KubeObject {
  return kubeObject({ apiVersion: "networking.istio.io/v1", kind, name, namespace, spec });
}
