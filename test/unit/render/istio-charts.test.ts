import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isJsonObject, type Json } from "../../../lib";
import type { KubeObject, MeshPlan } from "../../../mesh/plan/types";
import { renderPlan } from "../../../render";
import { objectsOf, planned, type Wanted } from "../mesh/istio/plans";
import { shop, value } from "../mesh/intents";
import { charts, helm, whereThereAre } from "./needs";

let folder: string | undefined;
const before = { ...process.env };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "meshwright-istio-charts-"));
  process.env["MESHWRIGHT_CACHE"] = folder;
});
afterAll(() => {
  process.env = before;
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

async function installed(wanted: Partial<Wanted>): Promise<MeshPlan> {
  const options = { charts: { kind: "folder", path: charts }, ...wanted.options };
  const plan = planned({ intent: shop(), ...wanted, options });
  return value(await renderPlan(plan, { kubernetesVersion: "1.36.3" }));
}

const named = (plan: MeshPlan, kind: string, name: string): KubeObject | undefined =>
  objectsOf(plan, kind).find((o) => o.metadata.name === name);

/** Every value of a key, anywhere in some objects. */
function valuesOf(key: string, within: Json): Json[] {
  if (Array.isArray(within)) return within.flatMap((each: Json) => valuesOf(key, each));
  if (!isJsonObject(within)) return [];
  return Object.entries(within).flatMap(([k, each]) => [
    ...(k === key ? [each] : []),
    ...valuesOf(key, each),
  ]);
}

whereThereAre({ helm, charts })("Istio's charts", () => {
  test("take the minimal profile: one replica each, nothing that scales or protects several", async () => {
    const plan = await installed({});
    const kinds = new Set(objectsOf(plan).map((o) => o.kind));
    expect([...kinds].filter((k) => k === "HorizontalPodAutoscaler" || k === "PodDisruptionBudget")).toEqual(
      [],
    );
    expect(named(plan, "Deployment", "istiod")).toMatchObject({ spec: { replicas: 1 } });
    expect(named(plan, "Deployment", "public-gateway")).toMatchObject({ spec: { replicas: 1 } });
    expect(plan.steps.find((s) => s.id === "base/crds")?.do).toMatchObject({ kind: "objects" });
  });

  test("take the ha profile: autoscaling and disruption budgets of control plane and gateway", async () => {
    const plan = await installed({ options: { profile: "ha" } });
    for (const kind of ["HorizontalPodAutoscaler", "PodDisruptionBudget"]) {
      expect(
        objectsOf(plan, kind)
          .map((o) => o.metadata.name)
          .sort(),
      ).toEqual(["istiod", "public-gateway"]);
    }
  });

  test("fail closed where they validate, reached as the cluster reaches them", async () => {
    const validators = (plan: MeshPlan): Json =>
      objectsOf(plan, "ValidatingWebhookConfiguration") as unknown as Json;
    const through = await installed({});
    expect(valuesOf("failurePolicy", validators(through))).toEqual(["Fail", "Fail"]);
    expect(valuesOf("url", validators(through))).toEqual([]);
    const origin = "https://localhost:15017";
    const beside = await installed({ features: { webhooks: { kind: "url", origin } } });
    expect(valuesOf("url", validators(beside))).toEqual([`${origin}/validate`, `${origin}/validate`]);
    const injectors = objectsOf(beside, "MutatingWebhookConfiguration") as unknown as Json;
    expect(new Set(valuesOf("url", injectors))).toEqual(new Set([`${origin}/inject`]));
  });

  test("leave out what a stock Envoy would refuse", async () => {
    const mesh = async (proxy: "mesh" | "stock"): Promise<string> =>
      JSON.stringify(named(await installed({ features: { proxy } }), "ConfigMap", "istio"));
    expect(await mesh("stock")).not.toContain("prometheus\\n");
    expect(await mesh("mesh")).toContain("- prometheus");
  });

  test("take revision, tags, images, pull secrets, trust domain and node agent", async () => {
    const plan = await installed({
      intent: { ...shop(), mtls: { trustDomain: "prod.example" } },
      options: {
        revision: "1-31",
        revisionTags: ["prod"],
        cni: true,
        images: { hub: "mirror.example.com/istio", tag: "1.31.9", pullSecrets: ["pull"] },
      },
    });
    const images = valuesOf(
      "image",
      objectsOf(plan).filter((o) => o.kind !== "ConfigMap") as unknown as Json,
    );
    expect(new Set(images.filter((i) => typeof i === "string"))).toEqual(
      new Set([
        "mirror.example.com/istio/pilot:1.31.9",
        "mirror.example.com/istio/install-cni:1.31.9",
        "auto",
      ]),
    );
    expect(named(plan, "MutatingWebhookConfiguration", "istio-revision-tag-prod")).toBeDefined();
    expect(JSON.stringify(named(plan, "ConfigMap", "istio-1-31"))).toContain("trustDomain: prod.example");
    expect(named(plan, "ServiceAccount", "istiod-1-31")).toMatchObject({
      imagePullSecrets: [{ name: "pull" }],
    });
    const gateway = named(plan, "Deployment", "public-gateway") as unknown as Json;
    expect(valuesOf("istio.io/rev", gateway)).toContain("prod");
  });

  test("take ambient mode: a proxy on each node, an agent that leads pods to it, HBONE for gateways", async () => {
    const plan = await installed({ options: { mode: "ambient", waypoints: "namespace", revision: "1-31" } });
    const agent = JSON.stringify(named(plan, "ConfigMap", "istio-cni-config"));
    expect(agent).toContain('"AMBIENT_ENABLED":"true"');
    expect(named(plan, "DaemonSet", "ztunnel")).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                image: "docker.io/istio/ztunnel:1.31.0",
                resources: { requests: { cpu: "50m", memory: "128Mi" } },
              },
            ],
          },
        },
      },
    });
    expect(JSON.stringify(named(plan, "DaemonSet", "ztunnel"))).toContain(
      "istiod-1-31.istio-system.svc:15012",
    );
    const istiod = named(plan, "Deployment", "istiod-1-31") as unknown as Json;
    expect(valuesOf("env", istiod)[0]).toContainEqual({ name: "PILOT_ENABLE_AMBIENT", value: "true" });
    expect(JSON.stringify(named(plan, "ConfigMap", "istio-1-31"))).toContain("ISTIO_META_ENABLE_HBONE");
  });

  test("take a place among several clusters: names of mesh, network and cluster, and a gateway between them", async () => {
    const intent = {
      ...shop(),
      mtls: { trustDomain: "prod.example", ca: { kind: "shared-root", secret: "cacerts" } },
      federation: { trust: "shared-root", clusters: { east: {}, west: {} } },
    };
    const plan = await installed({ intent, options: { cluster: "east" } });
    const istiod = named(plan, "Deployment", "istiod") as unknown as Json;
    expect(valuesOf("env", istiod)[0]).toContainEqual({ name: "CLUSTER_ID", value: "east" });
    expect(JSON.stringify(named(plan, "ConfigMap", "istio"))).toContain("meshId: prod.example");
    expect(named(plan, "Service", "eastwest-gateway")).toMatchObject({
      metadata: { labels: { "topology.istio.io/network": "east" } },
      spec: { type: "LoadBalancer", selector: { istio: "eastwestgateway" } },
    });
    const ports = valuesOf("ports", named(plan, "Service", "eastwest-gateway") as unknown as Json)[0];
    expect(valuesOf("port", ports ?? null)).toEqual([15021, 15443, 15012, 15017]);
  });

  test("give gateways the ports of their listeners and the exposure asked for", async () => {
    const service = named(
      await installed({ features: { loadBalancer: false } }),
      "Service",
      "public-gateway",
    );
    expect(service).toMatchObject({
      spec: {
        type: "NodePort",
        selector: { istio: "public-gateway" },
        ports: [{ port: 15021 }, { port: 80, targetPort: 80 }],
      },
    });
  });
});
