import type { Target } from "../mesh/types";

/**
 * A cluster that has everything a mesh may ask of one: what is compiled for where no stack names a cluster, and what
 * tables of capabilities are about, so that they tell of meshes and not of clusters.
 */
export const referenceTarget: Target = {
  cluster: {
    kubernetesVersion: "1.34.0",
    proxy: "mesh",
    webhooks: { kind: "service" },
    loadBalancer: true,
    internalLoadBalancer: {},
    gatewayApi: { owner: "us", version: "1.5.1" },
    netAdmin: true,
  },
};
