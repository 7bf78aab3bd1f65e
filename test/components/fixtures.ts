import { connect } from "../../providers/kubernetes";
import type { ConfiguredCluster } from "../../providers/types";
import type { KubeObject, MeshPlan, Step } from "../../mesh/plan/types";

/** A cluster that is reached by the value `kubeconfig`. */
export const cluster: ConfiguredCluster = {
  kind: "test",
  features: {
    kubernetesVersion: "1.36.3",
    proxy: "mesh",
    webhooks: { kind: "service" },
    loadBalancer: true,
    gatewayApi: { owner: "us" },
    netAdmin: true,
  },
  disposable: false,
  refs: ["kubeconfig"],
  create: (request) =>
    connect(request, {
      kubeconfig: request.value({ $ref: "kubeconfig", secret: true }),
      clusterIdentifier: "test-cluster",
    }),
};

export function planOf(...steps: readonly Step[]): MeshPlan {
  return {
    mesh: { kind: "test-mesh", version: "1.0.0", mode: "sidecar" },
    clusterFeatures: [],
    // Every plan has a step for the user's workloads.
    steps: steps.some(({ id }) => id === "workloads") ? steps : [...steps, step("workloads", [], [])],
    outputs: {},
    warnings: [],
  };
}

export function step(id: string, dependsOn: readonly string[], objects: readonly KubeObject[]): Step {
  return { id, dependsOn, readiness: "ready", do: { kind: "objects", objects } };
}

export function namespace(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

export function configMap(namespace: string, name: string): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name }, data: { a: "1" } };
}

export function crd(kind: string, group: string): KubeObject {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: { group, scope: "Namespaced", names: { kind, plural } },
  };
}
