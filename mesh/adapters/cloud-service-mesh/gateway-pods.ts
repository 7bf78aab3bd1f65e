import type { JsonObject } from "../../../lib";
import type { Gateway, Listener } from "../../intent/types";
import { kubeObject, type ObjectSeed } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import type { ClusterFeatures } from "../../types";
import type { GatewayPods } from "../istio/shared";

/** A gateway's proxies, whose image the mesh fills in, how they are reached, and what they may read. */
export function gatewayPods(
  gateway: Gateway,
  { place, cluster }: { place: GatewayPods; cluster: ClusterFeatures },
): KubeObject[] {
  const { namespace, serviceAccount: name, selector } = place;
  const object = (seed: Omit<ObjectSeed, "name" | "namespace">): KubeObject =>
    kubeObject({ ...seed, name, namespace });
  return [
    object({ apiVersion: "v1", kind: "ServiceAccount" }),
    ...secretReader(place),
    object({
      apiVersion: "v1",
      kind: "Service",
      ...(gateway.exposure === "internal" ? { annotations: { ...cluster.internalLoadBalancer } } : {}),
      spec: {
        type: gateway.exposure === "cluster" || !cluster.loadBalancer ? "ClusterIP" : "LoadBalancer",
        selector,
        ports: [
          { name: "status-port", port: 15021, targetPort: 15021, protocol: "TCP" },
          ...portsOf(gateway).map(({ port, protocol }) => ({
            name: `${protocol}-${port}`,
            port,
            targetPort: port,
            protocol: "TCP",
          })),
        ],
      },
    }),
    object({ apiVersion: "apps/v1", kind: "Deployment", spec: deployment(place) }),
    object({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      spec: { minAvailable: 1, selector: { matchLabels: selector } },
    }),
  ];
}

/** Pods whose proxy the mesh fills in by its template for gateways. */
function deployment({ serviceAccount, selector }: GatewayPods): JsonObject {
  const container = {
    name: "istio-proxy",
    image: "auto",
    resources: { requests: { cpu: "100m", memory: "128Mi" } },
  };
  return {
    replicas: 2,
    selector: { matchLabels: selector },
    template: {
      metadata: { labels: selector, annotations: { "inject.istio.io/templates": "gateway" } },
      spec: { serviceAccountName: serviceAccount, containers: [container] },
    },
  };
}

/** One listener for each port; several may share one with different hosts. */
function portsOf({ listeners }: Gateway): Listener[] {
  return listeners.filter((l, i) => listeners.findIndex((other) => other.port === l.port) === i);
}

/** The certificates of listeners are Secrets beside the gateway, which its proxies fetch with its own account. */
function secretReader({ namespace, serviceAccount: name }: GatewayPods): KubeObject[] {
  const rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "watch", "list"] }];
  const group = "rbac.authorization.k8s.io";
  return [
    { ...kubeObject({ apiVersion: `${group}/v1`, kind: "Role", name, namespace }), rules },
    {
      ...kubeObject({ apiVersion: `${group}/v1`, kind: "RoleBinding", name, namespace }),
      roleRef: { apiGroup: group, kind: "Role", name },
      subjects: [{ kind: "ServiceAccount", name, namespace }],
    },
  ];
}
