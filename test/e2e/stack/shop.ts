import type { Json } from "../../../lib";
import type { KubeObject, MeshPlan } from "../../../mesh/plan/types";

/** What the tests change about the shop from one `up` to the next. */
export interface Shop {
  readonly weight?: number;
  /** A change of a Deployment's selector replaces it. */
  readonly generation?: string;
  readonly more?: readonly KubeObject[];
}

const crd: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "routes.shop.example" },
  spec: {
    group: "shop.example",
    names: { kind: "Route", plural: "routes" },
    scope: "Namespaced",
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: routeSchema() } }],
  },
};

function routeSchema(): Json {
  const weight = { type: "integer", minimum: 0, maximum: 100 };
  return { type: "object", properties: { spec: { type: "object", properties: { weight } } } };
}

function web(generation: string): readonly KubeObject[] {
  const labels = { app: "web", generation };
  const containers = [{ name: "web", image: "example/web:1", ports: [{ containerPort: 8080 }] }];
  const template = { metadata: { labels }, spec: { serviceAccountName: "web", containers } };
  const metadata = { namespace: "shop", name: "web" };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: { replicas: 2, selector: { matchLabels: labels }, template },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
    },
  ];
}

/** A small plan of every sort of thing that a mesh's plan holds: CRDs, workloads to wait for, secrets, custom resources. */
export function shop({ weight = 90, generation = "1", more = [] }: Shop = {}): MeshPlan {
  const password = { $ref: "password", secret: true };
  const objects = [
    {
      id: "foundations",
      dependsOn: [],
      objects: [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } }, crd],
    },
    {
      id: "settings",
      dependsOn: ["foundations"],
      objects: [
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { namespace: "shop", name: "settings" },
          data: { colour: "blue" },
        },
        {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { namespace: "shop", name: "login" },
          stringData: { password },
        },
        {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "ClusterRole",
          metadata: { name: "shop-reader" },
          rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
        },
      ],
    },
    { id: "workloads", dependsOn: ["settings"], objects: web(generation) },
    {
      id: "routes",
      dependsOn: ["workloads"],
      objects: [
        {
          apiVersion: "shop.example/v1",
          kind: "Route",
          metadata: { namespace: "shop", name: "web" },
          spec: { weight },
        },
        ...more,
      ],
    },
  ];
  return {
    mesh: { kind: "test-mesh", version: "1.0.0", mode: "sidecar" },
    clusterFeatures: [],
    steps: objects.map(({ objects, ...step }) => ({
      ...step,
      readiness: "ready",
      do: { kind: "objects", objects: objects },
    })),
    outputs: {},
    warnings: [],
  };
}
