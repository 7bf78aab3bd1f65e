import { Cluster } from "../../components/cluster";
import { ServiceMesh } from "../../components/service-mesh";
import type { ServiceMeshArgs } from "../../components/service-mesh";
import type { KubeObject, Step } from "../../mesh/plan/types";
import { find, register, secret, type Registration } from "./engine";
import { cluster, configMap, crd, namespace, planOf, step } from "./fixtures";

type Settings = Pick<ServiceMeshArgs, "values" | "keepCrds">;

function deploy(steps: readonly Step[], settings: Settings = {}, mode: { preview?: boolean } = {}) {
  return register(() => {
    const { handle } = new Cluster("shop", { cluster, values: { kubeconfig: "canary" } });
    new ServiceMesh("shop", { plan: planOf(...steps), cluster: handle, ...settings });
  }, mode);
}

test("every object is a resource of its own with its official type, under the mesh, by the cluster's provider", async () => {
  const seen = await deploy([
    step(
      "all",
      [],
      [
        namespace("shop"),
        configMap("shop", "settings"),
        {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "ClusterRole",
          metadata: { name: "reader" },
          rules: [],
        },
        {
          apiVersion: "networking.istio.io/v1",
          kind: "Gateway",
          metadata: { namespace: "shop", name: "public" },
          spec: {},
        },
        {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "Gateway",
          metadata: { namespace: "shop", name: "public" },
        },
      ],
    ),
  ]);
  const objects = seen.filter((r) => r.type.startsWith("kubernetes:"));
  expect(objects.map((r) => [r.type, r.name]).sort()).toEqual([
    ["kubernetes:core/v1:ConfigMap", "shop-configmap-shop-settings"],
    ["kubernetes:core/v1:Namespace", "shop-namespace-shop"],
    ["kubernetes:gateway.networking.k8s.io/v1:Gateway", "shop-gateway-shop-public"],
    ["kubernetes:networking.istio.io/v1:Gateway", "shop-gateway-shop-public"],
    ["kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "shop-clusterrole-reader"],
  ]);
  expect(new Set(objects.map((r) => `${r.parent} ${r.provider}`))).toEqual(new Set(["shop shop-kubernetes"]));
});

test("a group version without classes in the SDK becomes a custom resource under the same kind of token", async () => {
  const seen = await deploy([
    step(
      "new",
      [],
      [{ apiVersion: "apps/v9", kind: "Deployment", metadata: { namespace: "a", name: "web" } }],
    ),
  ]);
  expect(find(seen, "shop-deployment-a-web").type).toBe("kubernetes:apps/v9:Deployment");
});

test("a field that the SDK's class does not know still reaches the provider, which refuses it", async () => {
  const seen = await deploy([step("s", [], [{ ...configMap("a", "typo"), dataa: { a: "1" } }])]);
  expect(find(seen, "shop-configmap-a-typo").inputs).toMatchObject({ dataa: { a: "1" } });
});

test("a status is never applied", async () => {
  const seen = await deploy([step("s", [], [{ ...namespace("shop"), status: { phase: "Active" } }])]);
  expect(find(seen, "shop-namespace-shop").inputs).not.toHaveProperty("status");
});

test("a step waits for all objects of the steps before, but only once for those that they wait for", async () => {
  const seen = await deploy([
    step("last", ["first", "second"], [configMap("a", "three")]),
    step("second", ["first"], [configMap("a", "two")]),
    step("first", [], [configMap("a", "one"), configMap("a", "uno")]),
  ]);
  expect(find(seen, "shop-configmap-a-two").dependsOn).toEqual([
    "shop-configmap-a-one",
    "shop-configmap-a-uno",
  ]);
  expect(find(seen, "shop-configmap-a-three").dependsOn).toEqual(["shop-configmap-a-two"]);
  expect(find(seen, "shop-configmap-a-one").dependsOn).toEqual([]);
});

test("who waits for an empty step waits for what that one waited for", async () => {
  const seen = await deploy([
    step("first", [], [configMap("a", "one")]),
    step("empty", ["first"], []),
    step("last", ["empty"], [configMap("a", "two")]),
  ]);
  expect(find(seen, "shop-configmap-a-two").dependsOn).toEqual(["shop-configmap-a-one"]);
});

test("within a step, objects wait for their namespace and their kind", async () => {
  const seen = await deploy(
    [
      step(
        "s",
        [],
        [
          { apiVersion: "shop.example/v1", kind: "Widget", metadata: { namespace: "a", name: "w" } },
          configMap("a", "one"),
          configMap("elsewhere", "two"),
          namespace("a"),
          crd("Widget", "shop.example"),
        ],
      ),
    ],
    { keepCrds: false },
  );
  expect(find(seen, "shop-widget-a-w").dependsOn).toEqual([
    "shop-customresourcedefinition-widgets.shop.example",
    "shop-namespace-a",
  ]);
  expect(find(seen, "shop-configmap-a-one").dependsOn).toEqual(["shop-namespace-a"]);
  expect(find(seen, "shop-configmap-elsewhere-two").dependsOn).toEqual([]);
});

test("CRDs outlive the mesh by default, and are taken over when found", async () => {
  const seen = await deploy([step("s", [], [crd("Widget", "shop.example"), namespace("a")])]);
  expect(find(seen, "shop-customresourcedefinition-widgets.shop.example")).toMatchObject({
    retainOnDelete: true,
    provider: "shop-kubernetes-adopt",
  });
  expect(find(seen, "shop-kubernetes-adopt").inputs).toMatchObject({ upsertExistingObjects: "true" });
  expect(find(seen, "shop-namespace-a").retainOnDelete).toBe(false);
  expect(find(seen, "shop-kubernetes").inputs).not.toHaveProperty("upsertExistingObjects");
});

test("CRDs go with the mesh when asked, and then need no provider of their own", async () => {
  const seen = await deploy([step("s", [], [crd("Widget", "shop.example")])], { keepCrds: false });
  expect(find(seen, "shop-customresourcedefinition-widgets.shop.example")).toMatchObject({
    retainOnDelete: false,
    provider: "shop-kubernetes",
  });
  expect(seen.map((r) => r.name)).not.toContain("shop-kubernetes-adopt");
});

describe("a webhook configuration whose CA its server fills in", () => {
  const server: KubeObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace: "a", name: "judge" },
  };
  const name = "shop-validatingwebhookconfiguration-judge";
  const webhooks = (client: { readonly [key: string]: string }): KubeObject => ({
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "judge", annotations: { kept: "yes" } },
    webhooks: [
      { name: "done.example", clientConfig: { caBundle: "Q0E=" } },
      { name: "judge.example", clientConfig: client },
    ],
  });
  const byUrl = webhooks({ url: "https://judge.example" });
  const awaited = { kept: "yes", "pulumi.com/waitFor": "jsonpath={.webhooks[1].clientConfig.caBundle}" };
  const annotations = (seen: readonly Registration[]): unknown =>
    (find(seen, name).inputs["metadata"] as { annotations: unknown }).annotations;

  test("is awaited in a step that runs something and must be ready", async () => {
    expect(annotations(await deploy([step("s", [], [byUrl, server])]))).toEqual(awaited);
  });

  test("is not touched where the CA is given, nothing runs, or the step need only be applied", async () => {
    const plain = { kept: "yes" };
    const given = webhooks({ caBundle: "Q0E=" });
    expect(annotations(await deploy([step("s", [], [given, server])]))).toEqual(plain);
    expect(annotations(await deploy([step("s", [], [byUrl])]))).toEqual(plain);
    expect(annotations(await deploy([{ ...step("s", [], [byUrl, server]), readiness: "applied" }]))).toEqual(
      plain,
    );
  });

  test("comes with its server, where an earlier step brings it", async () => {
    const seen = await deploy([
      step("crds", [], [byUrl, namespace("a")]),
      step("server", ["crds"], [server]),
      step("policies", ["server"], [configMap("a", "policy")]),
    ]);
    expect(annotations(seen)).toEqual(awaited);
    expect(find(seen, name).dependsOn).toEqual(["shop-namespace-a"]);
    expect(find(seen, "shop-configmap-a-policy").dependsOn).toEqual(["shop-deployment-a-judge", name]);
  });
});

test("a Ref becomes its value, secret where it says so", async () => {
  const settings = {
    ...configMap("a", "settings"),
    data: { host: { $ref: "host" }, token: { $ref: "token", secret: true } },
  };
  const seen = await deploy([step("s", [], [settings])], {
    values: { host: "db.example", token: "canary" },
  });
  expect(find(seen, "shop-configmap-a-settings").inputs["data"]).toEqual({
    host: "db.example",
    token: secret("canary"),
  });
});

test("all Refs without a value are named at once, and nothing is registered for the mesh", async () => {
  const settings = {
    ...configMap("a", "settings"),
    data: { a: { $ref: "zebra" }, b: { $ref: "ape" }, c: { $ref: "host" } },
  };
  let message = "";
  const seen = await register(() => {
    const { handle } = new Cluster("shop", { cluster, values: { kubeconfig: "canary" } });
    try {
      new ServiceMesh("shop", {
        plan: planOf(step("s", [], [settings])),
        cluster: handle,
        values: { host: "h" },
      });
    } catch (error) {
      message = (error as Error).message;
    }
  });
  expect(message).toMatch(/\$ref: ape }[\s\S]*\$ref: zebra }/);
  expect(message).toContain("given: host");
  expect(seen.filter((r) => r.type === "meshwright:index:ServiceMesh")).toEqual([]);
});

test.each([
  [
    "an object planned twice",
    [step("a", [], [namespace("x")]), step("b", [], [namespace("x")])],
    "Namespace x is in the plan twice",
  ],
  [
    "steps that wait for each other",
    [step("a", ["b"], []), step("b", ["a"], [])],
    "these steps wait for each other: a, b",
  ],
  ["a step that depends on none of the plan", [step("a", ["gone"], [])], "step a depends on gone"],
  [
    "a chart that was not rendered",
    [
      {
        id: "a",
        dependsOn: [],
        readiness: "ready",
        do: { kind: "chart", chart: { chart: "web" } },
      } as unknown as Step,
    ],
    "chart web of step a has not been rendered",
  ],
])("%s is refused before anything of the mesh is registered", async (_, steps, message) => {
  let thrown = "";
  const seen = await register(() => {
    const { handle } = new Cluster("shop", { cluster, values: { kubeconfig: "canary" } });
    try {
      new ServiceMesh("shop", { plan: planOf(...steps), cluster: handle });
    } catch (error) {
      thrown = (error as Error).message;
    }
  });
  expect(thrown).toContain(message);
  expect(seen.map((r) => r.type)).toEqual(["meshwright:index:Cluster", "pulumi:providers:kubernetes"]);
});

test("a preview registers the same resources as an update", async () => {
  const steps = [
    step("a", [], [namespace("a"), crd("Widget", "shop.example")]),
    step("b", ["a"], [configMap("a", "one")]),
  ];
  const names = (seen: readonly { name: string }[]) => seen.map((r) => r.name).sort();
  expect(names(await deploy(steps, {}, { preview: true }))).toEqual(names(await deploy(steps)));
});
