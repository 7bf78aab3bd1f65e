import type { JsonObject } from "../../../../lib";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";

interface PolicySeed {
  readonly name: string;
  readonly namespace: string;
  readonly spec: JsonObject;
}

export function policy(seed: PolicySeed): KubeObject {
  return kubeObject({ apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", ...seed });
}

export function requestAuthentication(seed: PolicySeed): KubeObject {
  return kubeObject({ apiVersion: "security.istio.io/v1", kind: "RequestAuthentication", ...seed });
}
