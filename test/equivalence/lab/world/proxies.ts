import type { JsonObject } from "../../../../lib";
import type { Pod } from "./pods";

/** As whom istiod is asked. */
export interface Proxy {
  readonly nodeId: string;
  readonly metadata: JsonObject;
}

/** The sidecar of a pod, as it introduces itself. */
export function sidecarOf({ name, namespace, ip, labels, serviceAccount }: Pod): Proxy {
  return {
    nodeId: `sidecar~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`,
    metadata: {
      NAME: name,
      NAMESPACE: namespace,
      SERVICE_ACCOUNT: serviceAccount,
      LABELS: { ...labels, "security.istio.io/tlsMode": "istio" },
      INSTANCE_IPS: ip,
      NODE_NAME: "node",
      CLUSTER_ID: "Kubernetes",
      INTERCEPTION_MODE: "REDIRECT",
      MESH_ID: "cluster.local",
      PROXY_CONFIG: {},
    },
  };
}
