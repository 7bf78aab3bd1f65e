import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settlePendingCreates } from "../../cli/engine-pending";
import { deleteCluster, startCluster } from "../../embedded/cluster";
import { connectionOf, KubeClient, parseKubeconfig } from "../../kube";
import type { KubeObject } from "../../mesh/plan/types";
import { describeWithEngine } from "./stack/needs";
import { Project } from "./stack/project";
import type { Shop } from "./stack/shop";
import { shop } from "./stack/shop";

// A real engine on a real API server: minutes, not seconds, on a busy machine.
jest.setTimeout(600_000);

const folder = mkdtempSync(join(tmpdir(), "meshwright-e2e-stack-"));
const home = process.env["MESHWRIGHT_HOME"];
const route = { apiVersion: "shop.example/v1", kind: "Route", namespace: "shop", name: "web" };
const settings = { apiVersion: "v1", kind: "ConfigMap", namespace: "shop", name: "settings" };
const deployment = { apiVersion: "apps/v1", kind: "Deployment", namespace: "shop", name: "web" };
const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  name: "routes.shop.example",
};
const namespace = { apiVersion: "v1", kind: "Namespace", name: "shop" };
const planFile = join(folder, "plan.json");
let client: KubeClient;
let kubeconfig: string;

function write(change?: Shop): void {
  writeFileSync(planFile, JSON.stringify(shop(change)));
}

async function project(env: { readonly [name: string]: string } = {}): Promise<Project> {
  const made = new Project("test/e2e/stack/program", {
    TEST_PLAN: planFile,
    TEST_KUBECONFIG: kubeconfig,
    ...env,
  });
  await made.init();
  return made;
}

describeWithEngine("a plan, executed by the real engine on a real API server", [], () => {
  beforeAll(async () => {
    process.env["MESHWRIGHT_HOME"] = join(folder, "state");
    const cluster = await startCluster({ name: "stack", dataPlane: "host" }, () => undefined);
    kubeconfig = cluster.kubeconfig;
    client = new KubeClient(connectionOf(parseKubeconfig(readFileSync(kubeconfig, "utf8"))));
  });
  afterAll(async () => {
    client?.close();
    await deleteCluster("stack", () => undefined);
    rmSync(folder, { recursive: true, force: true });
    if (home === undefined) delete process.env["MESHWRIGHT_HOME"];
    else process.env["MESHWRIGHT_HOME"] = home;
  });

  describe("from its first update to its destruction", () => {
    let stack: Project;
    let all: number;
    beforeAll(async () => {
      stack = await project();
    });
    afterAll(() => stack.remove());

    async function up(change?: Shop): Promise<{ readonly [operation: string]: number }> {
      write(change);
      const { code, said } = await stack.up();
      if (code !== 0) throw new Error(said);
      expect(said).not.toContain("canary");
      return stack.changes();
    }

    test("the first update creates everything, and keeps the secret", async () => {
      const changes = await up();
      all = changes["create"] ?? 0;
      expect(changes).toEqual({ create: 13 });
      expect(await client.get(route)).toMatchObject({ spec: { weight: 90 } });
      expect(await client.get(deployment)).toMatchObject({ status: { readyReplicas: 2 } });
      const login = await client.get({ apiVersion: "v1", kind: "Secret", namespace: "shop", name: "login" });
      expect(login["data"]).toEqual({ password: Buffer.from("canary-1234").toString("base64") });
      expect(JSON.stringify(await stack.state())).not.toContain("canary");
    });

    test("a second update changes nothing, nor does a refresh", async () => {
      expect(await up()).toEqual({ same: all });
      await stack.must(["refresh", "--yes", "--skip-preview"]);
      expect(await stack.changes()).toEqual({ same: all });
    });

    test("a changed weight is one change", async () => {
      expect(await up({ weight: 50 })).toEqual({ update: 1, same: all - 1 });
      expect(await client.get(route)).toMatchObject({ spec: { weight: 50 } });
    });

    test("a refresh finds what was changed and deleted by hand, and an update repairs it", async () => {
      await client.mergePatch(route, { spec: { weight: 1 } }, { fieldManager: "kubectl-edit" });
      await client.delete(settings, { propagation: "Background" });
      await stack.must(["refresh", "--yes", "--skip-preview"]);
      expect(await stack.changes()).toMatchObject({ update: 1, delete: 1 });
      expect(await up({ weight: 50 })).toEqual({ create: 1, update: 1, same: all - 2 });
      expect(await client.get(route)).toMatchObject({ spec: { weight: 50 } });
      expect(await client.get(settings)).toMatchObject({ data: { colour: "blue" } });
      await stack.must(["refresh", "--yes", "--skip-preview"]);
      expect(await stack.changes()).toEqual({ same: all });
    });

    test("what cannot be changed is replaced", async () => {
      const before = await client.get(deployment);
      const changes = await up({ weight: 50, generation: "2" });
      expect(changes).toMatchObject({ replace: 1 });
      const after = await client.get(deployment);
      expect(after.metadata.uid).not.toBe(before.metadata.uid);
      expect(after).toMatchObject({ spec: { selector: { matchLabels: { generation: "2" } } } });
    });

    test("an object that the API server refuses is named, the rest is kept, and mending it is enough", async () => {
      write({ weight: 500, generation: "2" });
      const { code, said } = await stack.up();
      expect(code).not.toBe(0);
      expect(said).toContain("test-route-shop-web");
      expect(said).toMatch(/spec\.weight/);
      expect(await client.get(route)).toMatchObject({ spec: { weight: 50 } });
      expect((await stack.state()).pending_operations ?? []).toEqual([]);
      expect(await up({ weight: 60, generation: "2" })).toEqual({ update: 1, same: all - 1 });
    });

    test("a plan that cannot be executed changes nothing, and is an error without a stack trace", async () => {
      const before = await stack.state();
      write({
        weight: 70,
        more: [shopRoute("web"), { ...shopRoute("b"), spec: { weight: { $ref: "nowhere" } } }],
      });
      const { code, said } = await stack.up();
      expect(code).not.toBe(0);
      expect(said).toContain("Route shop/web is in the plan twice");
      expect(said).not.toMatch(/^\s+at /m);
      expect((await stack.state()).resources?.length).toBe(before.resources?.length);
      expect(await client.get(route)).toMatchObject({ spec: { weight: 60 } });
    });

    test("an object that is there already is refused, left as it is, and can be imported", async () => {
      await client.create({ ...shopRoute("mine"), spec: { weight: 7 } }, { fieldManager: "me" });
      const change: Shop = {
        weight: 60,
        generation: "2",
        more: [{ ...shopRoute("mine"), spec: { weight: 7 } }],
      };
      write(change);
      const refused = await stack.up();
      expect(refused.code).not.toBe(0);
      expect(refused.said).toMatch(/already exists/);
      const { resources = [] } = await stack.state();
      const urn = (name: string, type: string): string =>
        resources.find((r) => r.type === type && r.urn.endsWith(`::${name}`))?.urn ?? "";
      await stack.must([
        "import",
        "kubernetes:shop.example/v1:Route",
        "test-route-shop-mine",
        "shop/mine",
        `--parent=mesh=${urn("test", "meshwright:index:ServiceMesh")}`,
        `--provider=cluster=${urn("test-kubernetes", "pulumi:providers:kubernetes")}`,
        "--protect=false",
        "--generate-code=false",
        "--yes",
        "--skip-preview",
      ]);
      await up(change);
      expect(await up(change)).toEqual({ same: all + 1 });
      expect(await client.get({ ...route, name: "mine" })).toMatchObject({ spec: { weight: 7 } });
    });

    test("destroying leaves nothing", async () => {
      await stack.must(["destroy", "--yes", "--skip-preview"]);
      expect((await stack.state()).resources ?? []).toEqual([]);
      expect(await client.find(crd)).toBeUndefined();
      expect(await client.find(namespace)).toBeUndefined();
      expect(
        await client.find({
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "ClusterRole",
          name: "shop-reader",
        }),
      ).toBeUndefined();
    });
  });

  test("CRDs that are kept outlive the mesh, and the next mesh takes them over", async () => {
    const stack = await project({ TEST_KEEP_CRDS: "yes" });
    try {
      write();
      await stack.must(["up", "--yes", "--skip-preview"]);
      await stack.must(["destroy", "--yes", "--skip-preview"]);
      const kept = await client.get(crd);
      expect(kept.metadata.deletionTimestamp).toBeUndefined();
      expect(await client.find(namespace)).toBeUndefined();
      await stack.must(["up", "--yes", "--skip-preview"]);
      expect((await client.get(crd)).metadata.uid).toBe(kept.metadata.uid);
      write();
      await stack.must(["up", "--yes", "--skip-preview"]);
      expect(Object.keys(await stack.changes())).toEqual(["same"]);
      await stack.must(["destroy", "--yes", "--skip-preview"]);
    } finally {
      await client.delete(crd, { propagation: "Background" });
      stack.remove();
    }
  });

  // Ten points take four minutes: all of them in `npm run prove`, two in every run of the tests.
  const points = process.env["MESHWRIGHT_PROVE"] === "1" ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [3, 8];
  test(`killed at any of ${points.length} points, the next update converges without duplicates`, async () => {
    const stack = await project();
    write();
    let interrupted = 0;
    try {
      for (const point of points) {
        // An update says some 35 times that something is being created: from the first component to the last object.
        const killed = await stack.run(["up", "--yes", "--skip-preview"], (said, kill) => {
          if (said.split(" creating (").length > 2.5 * point) kill();
        });
        if (killed.code !== 0) interrupted++;
        await stack.must(["cancel", "--yes"]);
        await settlePendingCreates((args) => stack.must(args));
        await stack.must(["up", "--yes", "--skip-preview"]);
        const { resources = [], pending_operations = [] } = await stack.state();
        expect(pending_operations).toEqual([]);
        expect(new Set(resources.map((r) => r.urn)).size).toBe(resources.length);
        expect(resources).toHaveLength(13);
        await stack.must(["up", "--yes", "--skip-preview"]);
        expect(await stack.changes()).toEqual({ same: 13 });
        await stack.must(["destroy", "--yes", "--skip-preview"]);
        expect(await client.find(namespace)).toBeUndefined();
      }
    } finally {
      stack.remove();
    }
    expect(interrupted).toBe(points.length);
  });
});

function shopRoute(name: string): KubeObject {
  return {
    apiVersion: "shop.example/v1",
    kind: "Route",
    metadata: { namespace: "shop", name },
    spec: { weight: 5 },
  };
}
