import { found } from "../../../../lib";
import { inOrder } from "../../../../mesh/plan/order";
import { shop } from "../intents";
import { chartOf, compiled, objectsOf, planned } from "./plans";

const labelsOf = (plan: ReturnType<typeof planned>): object =>
  Object.fromEntries(objectsOf(plan, "Namespace").map((n) => [n.metadata.name, n.metadata.labels]));

test("policies stand before anything of the user's runs, and routes come when it does", () => {
  const { steps } = planned({ intent: shop(), options: { cni: true } });
  expect(inOrder(steps).ordered.map((s) => s.id)).toEqual([
    "namespaces",
    "base",
    "cni",
    "istiod",
    "security",
    "public-gateway",
    "workloads",
    "traffic",
  ]);
  const after = (id: string): readonly string[] => steps.find((s) => s.id === id)?.dependsOn ?? [];
  expect([after("security"), after("workloads"), after("public-gateway"), after("traffic")]).toEqual([
    ["istiod"],
    ["security"],
    ["security"],
    ["security", "workloads"],
  ]);
});

test("namespaces are made for services and gateways, ready for injection", () => {
  expect(labelsOf(planned({ intent: shop() }))).toMatchObject({
    shop: { "istio-injection": "enabled" },
    "istio-ingress": { "istio-injection": "enabled" },
    "istio-system": { "app.kubernetes.io/managed-by": "meshwright" },
  });
});

test("with a revision namespaces follow its first tag, gateways too", () => {
  const plan = planned({ intent: shop(), options: { revision: "1-31", revisionTags: ["prod", "next"] } });
  expect(labelsOf(plan)).toMatchObject({ shop: { "istio.io/rev": "prod" } });
  expect(chartOf(plan, "istiod").values).toMatchObject({ revision: "1-31", revisionTags: ["prod", "next"] });
  expect(chartOf(plan, "base").values).toMatchObject({ defaultRevision: "1-31" });
  expect(chartOf(plan, "public-gateway").values).toMatchObject({ revision: "prod" });
});

test("namespaces are left to the user where the options say so", () => {
  const plan = planned({ intent: shop(), options: { namespaces: { create: false } } });
  expect(Object.keys(labelsOf(plan))).toEqual(["istio-system", "istio-ingress"]);
});

test("a namespace that every cluster has is not ours to make", () => {
  const intent = { services: { "default/web": { serviceAccount: "web", ports: [{ port: 80 }] } } };
  expect(found(compiled({ intent }))).toMatchObject([
    { code: "namespace-taken", path: ["services", "default/web"] },
  ]);
  expect(compiled({ intent, options: { namespaces: { create: false } } }).ok).toBe(true);
});

test("minimal is one replica without autoscaling, ha is several, spread and protected", () => {
  const minimal = planned({ intent: shop() });
  expect(chartOf(minimal, "istiod").values).toMatchObject({ autoscaleEnabled: false, replicaCount: 1 });
  expect(chartOf(minimal, "public-gateway").values).toMatchObject({
    autoscaling: { enabled: false },
    replicaCount: 1,
  });
  const ha = planned({ intent: shop(), options: { profile: "ha" } });
  expect(chartOf(ha, "istiod").values).toMatchObject({ autoscaleEnabled: true, autoscaleMin: 2 });
  expect(chartOf(ha, "public-gateway").values).toMatchObject({ podDisruptionBudget: { minAvailable: 1 } });
});

test("validation fails closed from the start, in both charts", () => {
  const plan = planned({ intent: {} });
  for (const release of ["base", "istiod"]) {
    expect(chartOf(plan, release).values).toMatchObject({ base: { validationFailurePolicy: "Fail" } });
  }
});

test("webhooks are reached at a URL where the cluster says so, and the firewall is asked for otherwise", () => {
  const origin = "https://localhost:15017";
  const beside = planned({ intent: {}, features: { webhooks: { kind: "url", origin } } });
  expect(chartOf(beside, "base").values).toMatchObject({ base: { validationURL: `${origin}/validate` } });
  expect(chartOf(beside, "istiod").values).toMatchObject({
    istiodRemote: { injectionURL: `${origin}/inject` },
  });
  expect(beside.clusterFeatures).toEqual([]);
  expect(planned({ intent: {} }).clusterFeatures).toEqual([{ kind: "webhookPorts", ports: [15017] }]);
});

test("a stock Envoy is spared Istio's own filters, and Istio's own is not", () => {
  const env = { PILOT_ENABLE_ALPN_FILTER: "false", PILOT_ENABLE_METADATA_EXCHANGE: "false" };
  const stock = planned({ intent: {}, features: { proxy: "stock" } });
  expect(chartOf(stock, "istiod").values).toMatchObject({ env, telemetry: { enabled: false } });
  expect(chartOf(planned({ intent: {} }), "istiod").values).not.toHaveProperty("env");
});

test("images, pull secrets, trust domain and resources reach the charts", () => {
  const plan = planned({
    intent: { mtls: { trustDomain: "prod.example" } },
    options: {
      images: { hub: "mirror.example.com/istio", tag: "1.31.3", pullSecrets: ["pull"] },
      resources: { proxy: { limits: { memory: "1Gi" } } },
    },
  });
  expect(chartOf(plan, "istiod").values).toMatchObject({
    meshConfig: { trustDomain: "prod.example" },
    global: {
      hub: "mirror.example.com/istio",
      tag: "1.31.3",
      imagePullSecrets: ["pull"],
      proxy: { resources: { limits: { memory: "1Gi" } } },
    },
  });
});

test("a cluster that forbids NET_ADMIN needs the node agent", () => {
  expect(found(compiled({ intent: {}, features: { netAdmin: false } }))).toMatchObject([
    { code: "needs-cni", severity: "error" },
  ]);
  expect(compiled({ intent: {}, options: { cni: true }, features: { netAdmin: false } }).ok).toBe(true);
});

test("gateways are exposed as asked, as the cluster can", () => {
  const intent = (exposure: string) => ({
    gateways: { g: { exposure, listeners: [{ port: 80, protocol: "http" }] } },
  });
  const type = (exposure: string, features: object): unknown => {
    const { service } = chartOf(planned({ intent: intent(exposure), features }), "g-gateway").values;
    return (service as { type: string }).type;
  };
  expect(type("public", {})).toBe("LoadBalancer");
  expect(type("public", { loadBalancer: false })).toBe("NodePort");
  expect(type("cluster", {})).toBe("ClusterIP");
  expect(found(compiled({ intent: intent("internal") }))).toMatchObject([
    { code: "unsupported-exposure", severity: "error" },
  ]);
  const internal = planned({
    intent: intent("internal"),
    features: { internalLoadBalancer: { scheme: "internal" } },
  });
  expect(chartOf(internal, "g-gateway").values).toMatchObject({
    service: { annotations: { scheme: "internal" } },
  });
  expect(internal.clusterFeatures).toContainEqual({ kind: "loadBalancer", exposure: "internal" });
});
