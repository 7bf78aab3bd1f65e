import type { JsonObject } from "../../../../lib";
import { injected } from "./objects";
import type { Pod } from "./pods";

/** As whom istiod is asked. */
export interface Proxy {
  readonly nodeId: string;
  readonly metadata: JsonObject;
}

/** The proxy of a pod, as it introduces itself. */
export function proxyOf({ name, ip, labels, of }: Pod): Proxy {
  const { namespace, serviceAccount, role } = of;
  return {
    nodeId: `${role}~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`,
    metadata: {
      NAME: name,
      NAMESPACE: namespace,
      SERVICE_ACCOUNT: serviceAccount,
      LABELS: { ...labels, ...injected(role) },
      INSTANCE_IPS: ip,
      NODE_NAME: "node",
      CLUSTER_ID: "Kubernetes",
      MESH_ID: "cluster.local",
      PROXY_CONFIG: {},
      ...(role === "sidecar" ? { INTERCEPTION_MODE: "REDIRECT" } : {}),
    },
  };
}
