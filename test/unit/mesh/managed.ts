import { checkPlan } from "../../../mesh/plan/check";
import type { KubeObject, MeshPlan } from "../../../mesh/plan/types";
import type { ClusterFeatures, MeshAdapter } from "../../../mesh/types";
import type { JsonObject, Result } from "../../../lib";
import { valid, value } from "./intents";

export const cluster: ClusterFeatures = {
  kubernetesVersion: "1.36.3",
  proxy: "mesh",
  webhooks: { kind: "service" },
  loadBalancer: true,
  internalLoadBalancer: { "example.com/internal": "true" },
  gatewayApi: { owner: "cluster" },
  netAdmin: true,
};

export interface Wanted {
  readonly intent: unknown;
  readonly options?: object;
  readonly features?: Partial<ClusterFeatures>;
}

/** Plans for a managed mesh; the intent and the options must be valid, the plan need not be. */
export function attempted(
  adapter: MeshAdapter,
  { intent, options = {}, features = {} }: Wanted,
): Result<MeshPlan> {
  const mesh = value(adapter.configure(options, ["mesh"]));
  return mesh.plan(valid(intent), { cluster: { ...cluster, ...features } });
}

export function planned(adapter: MeshAdapter, wanted: Wanted): MeshPlan {
  const plan = value(attempted(adapter, wanted));
  const faults = checkPlan(plan);
  if (faults.length > 0) throw new Error(faults.map((f) => f.message).join("\n"));
  return plan;
}

export function objectsOf(plan: MeshPlan, kind?: string): KubeObject[] {
  const all = plan.steps.flatMap((step) => (step.do.kind === "objects" ? step.do.objects : []));
  return kind === undefined ? all : all.filter((o) => o.kind === kind);
}

export function objectAt(plan: MeshPlan, kind: string, place: string): KubeObject | undefined {
  return objectsOf(plan, kind).find((o) => `${o.metadata.namespace ?? ""}/${o.metadata.name}` === place);
}

export function specAt(plan: MeshPlan, kind: string, place: string): JsonObject | undefined {
  return objectAt(plan, kind, place)?.["spec"] as JsonObject | undefined;
}

/** The MeshConfig in a ConfigMap of the plan. */
export function meshOf(plan: MeshPlan, place: string): string | undefined {
  return (objectAt(plan, "ConfigMap", place)?.["data"] as { readonly mesh: string } | undefined)?.mesh;
}

/** Much of what a managed Istio can do, in one intent; no gateways. */
export const busy = {
  mtls: { overrides: [{ service: "shop/legacy", mode: "permissive" }] },
  services: {
    "shop/web": { serviceAccount: "web", ports: [{ port: 80, targetPort: 8080 }] },
    "shop/cart": {
      serviceAccount: "cart",
      ports: [{ port: 80, targetPort: 8080 }],
      versions: { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } },
      traffic: {
        outlierDetection: {
          consecutive5xx: 5,
          interval: "10s",
          baseEjectionTime: "30s",
          maxEjectionPercent: 50,
        },
        connectionLimits: { maxConnections: 10 },
        loadBalancing: { kind: "leastRequest" },
      },
    },
    "shop/legacy": { serviceAccount: "legacy", ports: [{ port: 80 }] },
  },
  routes: [
    {
      kind: "http",
      for: { service: "shop/cart" },
      rules: [
        {
          match: [{ path: { prefix: "/api" }, headers: { tester: { exact: "1" } } }],
          backends: [{ service: "shop/cart", version: "v2" }],
          timeout: "3s",
          retry: { retries: 2, perTryTimeout: "1s" },
          fault: { delay: { percent: 1, duration: "1s" } },
        },
        {
          backends: [
            { service: "shop/cart", version: "v1", weight: 9 },
            { service: "shop/cart", version: "v2", weight: 1 },
          ],
        },
      ],
    },
  ],
  access: [
    {
      to: { service: "shop/cart" },
      action: "allow",
      from: [{ service: "shop/web" }],
      operations: [{ methods: ["GET"] }],
    },
    {
      to: { service: "shop/web" },
      action: "deny",
      from: [{ principal: "spiffe://cluster.local/ns/a/sa/b" }],
    },
    {
      to: { service: "shop/legacy" },
      action: "allow",
      jwt: { provider: "login", claims: { groups: ["staff"] } },
    },
  ],
  jwtProviders: {
    login: {
      issuer: "https://login.example.com",
      jwksUri: "https://login.example.com/keys",
      audiences: ["shop"],
    },
  },
  egress: {
    default: "deny",
    external: { github: { hosts: ["api.github.com"], ports: [{ port: 443, protocol: "tls" }] } },
  },
  telemetry: { accessLogs: "all" },
};
