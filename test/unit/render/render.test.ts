import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { found } from "../../../lib";
import type { Chart, KubeObject, MeshPlan } from "../../../mesh/plan/types";
import { renderPlan } from "../../../render";
import { value } from "../mesh/intents";
import { helm, whereThereAre } from "./needs";

let folder = "";
const before = { ...process.env };
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "meshwright-render-"));
});
beforeEach(() => {
  process.env["MESHWRIGHT_CACHE"] = mkdtempSync(join(folder, "cache-"));
});
afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

/** A chart with what charts come up with: CRDs, hooks, tests, lists, empty metadata, missing namespaces. */
function writeChart(name: string, files: { readonly [file: string]: string } = {}): string {
  const root = join(folder, name);
  const all = {
    "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`,
    "values.yaml": "word: plain\n",
    "templates/config.yaml": [
      "apiVersion: v1",
      "kind: ConfigMap",
      "metadata: { name: config, annotations: {}, labels: { app.kubernetes.io/managed-by: Helm } }",
      "data: { word: {{ .Values.word }}, version: {{ .Capabilities.KubeVersion.Version }}, release: {{ .Release.Name }} }",
    ].join("\n"),
    ...files,
  };
  for (const [file, content] of Object.entries(all)) {
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
}

const chart = (name: string, values: Chart["values"] = {}): Chart => ({
  chart: name,
  version: "1.0.0",
  source: { kind: "folder", path: "." },
  release: "rel",
  namespace: "ns",
  values,
});

function planOf(...all: Chart[]): MeshPlan {
  const steps = all.map((c) => ({
    id: c.chart,
    dependsOn: ["workloads"],
    readiness: "ready" as const,
    do: { kind: "chart" as const, chart: c },
  }));
  const workloads = {
    id: "workloads",
    dependsOn: [],
    readiness: "ready" as const,
    do: { kind: "objects" as const, objects: [] },
  };
  return {
    mesh: { kind: "x", version: "1", mode: "y" },
    clusterFeatures: [],
    steps: [workloads, ...steps],
    outputs: {},
    warnings: [],
  };
}

const context = {
  kubernetesVersion: "1.36.3",
  get folder() {
    return folder;
  },
};

function objectsOf(plan: MeshPlan, step: string): readonly KubeObject[] {
  const action = plan.steps.find((s) => s.id === step)?.do;
  return action?.kind === "objects" ? action.objects : [];
}

async function rendered(c: Chart, kubernetesVersion = "1.36.3"): Promise<readonly KubeObject[]> {
  return objectsOf(value(await renderPlan(planOf(c), { ...context, kubernetesVersion })), c.chart);
}

const cached = (): string[] => {
  const renders = join(process.env["MESHWRIGHT_CACHE"] ?? "", "renders");
  try {
    return readdirSync(renders).map((f) => join(renders, f));
  } catch {
    return [];
  }
};

whereThereAre({ helm })("render", () => {
  test("a chart becomes objects with the cluster's version, the release, the namespace, and our label", async () => {
    writeChart("plain");
    expect(await rendered(chart("plain", { word: "given" }))).toEqual([
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: {
          name: "config",
          namespace: "ns",
          labels: { "app.kubernetes.io/managed-by": "meshwright" },
        },
        data: { word: "given", version: "v1.36.3", release: "rel" },
      },
    ]);
  });

  test("CRDs come first, in a step of their own, wherever the chart keeps them", async () => {
    const crd = (name: string): string =>
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: ${name}, creationTimestamp: null }\nspec: {}\nstatus: { x: 1 }\n`;
    writeChart("crds", { "crds/a.yaml": crd("a.example.com"), "templates/z.yaml": crd("b.example.com") });
    const plan = value(await renderPlan(planOf(chart("crds")), context));
    expect(plan.steps.map((s) => [s.id, s.dependsOn])).toEqual([
      ["workloads", []],
      ["crds/crds", ["workloads"]],
      ["crds", ["workloads", "crds/crds"]],
    ]);
    const crds = objectsOf(plan, "crds/crds");
    expect(crds.map((o) => o.metadata.name)).toEqual(["a.example.com", "b.example.com"]);
    expect(crds[0]).not.toHaveProperty("status");
    expect(crds[0]?.metadata).not.toHaveProperty("creationTimestamp");
    expect(objectsOf(plan, "crds").map((o) => o.kind)).toEqual(["ConfigMap"]);
  });

  test("hooks are marked and warned of, tests are left out, lists are their items", async () => {
    const pod = (name: string, hook: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, annotations: { helm.sh/hook: ${hook} } }\n`;
    writeChart("hooks", {
      "templates/a.yaml": pod("job", "pre-install"),
      "templates/b.yaml": pod("probe", "test"),
      "templates/c.yaml":
        "apiVersion: v1\nkind: List\nitems:\n  - { apiVersion: v1, kind: Secretish, metadata: { name: item } }\n",
    });
    const result = await renderPlan(planOf(chart("hooks")), context);
    const objects = objectsOf(value(result), "hooks");
    expect(objects.map((o) => o.metadata.name).sort()).toEqual(["config", "item", "job"]);
    expect(objects.find((o) => o.metadata.name === "job")?.metadata.annotations).toMatchObject({
      "meshwright.dev/hook": "pre-install",
    });
    expect(found(result)).toMatchObject([{ code: "chart-hook", severity: "warning" }]);
  });

  test("a second render runs no Helm: it is what the cache holds", async () => {
    writeChart("twice");
    const lines: string[] = [];
    const render = async (): Promise<readonly KubeObject[]> => {
      const progress = (line: string): number => lines.push(line);
      return objectsOf(value(await renderPlan(planOf(chart("twice")), { ...context, progress })), "twice");
    };
    const first = await render();
    expect(await render()).toEqual(first);
    expect(lines).toEqual(["rendering chart twice 1.0.0"]);
    const [file = ""] = cached();
    writeFileSync(file, JSON.stringify([{ ...first[0], kind: "Kept" }]));
    expect(await render()).toMatchObject([{ kind: "Kept" }]);
  });

  test("what a render depends on makes another one: values, version of Kubernetes, content of the chart", async () => {
    writeChart("fresh");
    await rendered(chart("fresh"));
    expect(await rendered(chart("fresh", { word: "other" }))).toMatchObject([{ data: { word: "other" } }]);
    expect(await rendered(chart("fresh"), "1.35.0")).toMatchObject([{ data: { version: "v1.35.0" } }]);
    writeChart("fresh", { "values.yaml": "word: edited\n" });
    expect(await rendered(chart("fresh"))).toMatchObject([{ data: { word: "edited" } }]);
    expect(cached()).toHaveLength(4);
    await rendered(chart("fresh"));
    expect(cached()).toHaveLength(4);
  });

  test("half a cached file, and a cache that cannot be written, cost a render and nothing else", async () => {
    writeChart("torn");
    const first = await rendered(chart("torn"));
    const [file = ""] = cached();
    writeFileSync(file, readFileSync(file, "utf8").slice(0, 20));
    expect(await rendered(chart("torn"))).toEqual(first);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(first);
    writeFileSync(join(folder, "no-folder"), "");
    process.env["MESHWRIGHT_CACHE"] = join(folder, "no-folder");
    expect(await rendered(chart("torn"))).toEqual(first);
  });

  test("renders that hold secrets are not kept", async () => {
    writeChart("secret", {
      "templates/s.yaml":
        "apiVersion: v1\nkind: Secret\nmetadata: { name: s }\nstringData: { key: {{ randAlphaNum 9 }} }\n",
    });
    await rendered(chart("secret"));
    expect(cached()).toEqual([]);
  });

  test("values known only at deploy time are refused, before Helm sees them", async () => {
    writeChart("refs");
    const result = await renderPlan(
      planOf(chart("refs", { word: { $ref: "password", secret: true } })),
      context,
    );
    expect(found(result)).toMatchObject([{ code: "chart-refs", severity: "error" }]);
    expect(cached()).toEqual([]);
  });

  test("all that is wrong with several charts is said at once, equal faults once", async () => {
    writeChart("schema", {
      "values.schema.json": JSON.stringify({ properties: { word: { type: "number" } } }),
    });
    writeChart("broken", { "templates/x.yaml": '{{ fail "no such luck" }}' });
    writeChart("text", { "templates/x.yaml": "just: text\n" });
    const result = await renderPlan(
      planOf(chart("schema"), chart("broken"), chart("text"), chart("absent")),
      context,
    );
    expect(found(result).map((d) => d.code)).toEqual([
      "chart-values",
      "chart-failed",
      "chart-failed",
      "chart-not-found",
    ]);
    expect(found(result)[1]?.message).toContain("no such luck");
  });

  test("addresses that do not answer are named", async () => {
    const repository = {
      ...chart("a"),
      source: { kind: "repository" as const, url: "http://127.0.0.1:1/charts" },
    };
    const oci = { ...chart("b"), source: { kind: "oci" as const, registry: "oci://127.0.0.1:1/charts" } };
    const result = await renderPlan(planOf(repository, oci), context);
    expect(found(result).map((d) => [d.code, d.message.split(" cannot be reached")[0]])).toEqual([
      ["charts-unreachable", "http://127.0.0.1:1/charts"],
      ["charts-unreachable", "oci://127.0.0.1:1/charts/b"],
    ]);
  });

  test("a chart is found by its name when its folder has another", async () => {
    mkdirSync(join(folder, "nested"));
    writeChart("nested/odd-folder", { "Chart.yaml": "apiVersion: v2\nname: odd\nversion: 1.0.0\n" });
    expect(await rendered(chart("odd"))).toHaveLength(1);
  });
});
