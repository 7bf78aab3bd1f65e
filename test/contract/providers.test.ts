import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cluster } from "../../components/cluster";
import { identify } from "../../embedded/cluster/process";
import { clusterPaths } from "../../embedded/cluster/paths";
import type { EmbeddedCluster } from "../../embedded/cluster/types";
import { formatPath } from "../../lib";
import type { ClusterKind } from "../../providers/registry";
import { configureCluster, providers } from "../../providers/registry";
import { find, register, secret } from "../components/engine";

const folder = mkdtempSync(join(tmpdir(), "meshwright-providers-"));
const before = { ...process.env };

beforeAll(() => {
  process.env["MESHWRIGHT_HOME"] = join(folder, "state");
  delete process.env["KUBECONFIG"];
});
afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    "current-context": "east",
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { token: "canary" } }],
    contexts: [
      { name: "east", context: { cluster: "c", user: "u" } },
      { name: "west", context: { cluster: "c", user: "u" } },
      { name: "torn", context: { cluster: "gone", user: "u" } },
    ],
  });
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** An embedded cluster that seems to run: this very process stands for its API server. */
function embeddedCluster(name: string, cluster: Partial<EmbeddedCluster>): void {
  const paths = clusterPaths(name);
  mkdirSync(paths.run, { recursive: true });
  writeFileSync(paths.kubeconfig, kubeconfigOf("https://127.0.0.1:6443"));
  const fixed = {
    name,
    kubernetesVersion: "v1.36.3",
    server: "",
    podCidr: "",
    serviceCidr: "",
    network: {},
    ports: {},
  };
  writeFileSync(
    paths.state,
    JSON.stringify({ ...fixed, kubeconfig: paths.kubeconfig, dataPlane: "netns", ...cluster }),
  );
  writeFileSync(join(paths.run, "kube-apiserver.json"), JSON.stringify(identify(process.pid)));
}

/** What each kind must refuse, and options of a cluster that works; typed so that a new kind has to bring its own. */
const cases: {
  readonly [kind in ClusterKind]: {
    good: () => Record<string, unknown>;
    other: () => Record<string, unknown>;
  };
} = {
  local: {
    good: () => (embeddedCluster("one", {}), { name: "one" }),
    other: () => (embeddedCluster("two", {}), { name: "two" }),
  },
  kubeconfig: {
    good: () => ({ path: file("kubeconfig", kubeconfigOf("https://one.example")) }),
    other: () => ({ path: file("kubeconfig", kubeconfigOf("https://one.example")), context: "west" }),
  },
};

async function provision(kind: string, options: Record<string, unknown>) {
  const seen = await register(() => new Cluster("shop", { cluster: { kind, ...options } }));
  return find(seen, "shop-kubernetes").inputs;
}

describe.each(Object.keys(providers) as ClusterKind[])("cluster of kind %s", (kind) => {
  const { good, other } = cases[kind];

  test("has a title and offers features that are plain data", () => {
    const result = configureCluster({ kind, ...good() }, ["cluster"]);
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics));
    expect(providers[kind].title).not.toBe("");
    expect(result.value.kind).toBe(kind);
    expect(JSON.parse(JSON.stringify(result.value.features))).toEqual(result.value.features);
    expect(result.value.features.kubernetesVersion).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test("keeps its kubeconfig secret and its identity stable, and has another identity for another cluster", async () => {
    const one = await provision(kind, good());
    expect(one["kubeconfig"]).toEqual(secret(expect.stringContaining("canary")));
    expect(one["clusterIdentifier"]).toEqual(expect.stringMatching(/./));
    expect((await provision(kind, good()))["clusterIdentifier"]).toBe(one["clusterIdentifier"]);
    expect((await provision(kind, other()))["clusterIdentifier"]).not.toBe(one["clusterIdentifier"]);
  });

  test("reports every unknown key at its path, at once", () => {
    const result = configureCluster({ kind, ...good(), colour: 1, shape: 2 }, ["clusters", "east"]);
    const paths = result.ok ? [] : result.diagnostics.map((d) => formatPath(d.path));
    expect(paths).toEqual(["clusters.east.colour", "clusters.east.shape"]);
  });

  test.each([[[]], ["text"], [7]])("refuses %j in place of options", (raw) => {
    const result = providers[kind].configure(raw, ["cluster"]);
    expect(result.ok ? [] : result.diagnostics.map((d) => d.code)).toContain("wrong-type");
  });
});

test.each([[undefined], [null], [[]], [{}], [{ kind: 3 }], [{ kind: "constructor" }], [{ kind: "lcoal" }]])(
  "%j is no cluster",
  (raw) => {
    const result = configureCluster(raw, ["cluster"]);
    expect(result.ok ? "" : result.diagnostics.map((d) => `${formatPath(d.path)} ${d.code}`)).toEqual([
      "cluster.kind unknown-cluster",
    ]);
  },
);

describe("a local cluster", () => {
  const configured = (options: Record<string, unknown>) => providers.local.configure(options, ["cluster"]);

  test("that is not there is refused with the command that starts it", () => {
    const result = configured({ name: "nowhere" });
    expect(result.ok ? [] : result.diagnostics).toMatchObject([
      {
        code: "cluster-not-running",
        hint: expect.stringContaining("cluster start --name nowhere") as unknown,
      },
    ]);
  });

  test("that is stopped is refused", () => {
    embeddedCluster("asleep", {});
    rmSync(join(clusterPaths("asleep").run, "kube-apiserver.json"));
    const result = configured({ name: "asleep" });
    expect(result.ok ? [] : result.diagnostics.map((d) => d.message)).toEqual([
      'the embedded cluster "asleep" is stopped',
    ]);
  });

  test("whose state is torn is refused with the file's name", () => {
    embeddedCluster("torn", {});
    writeFileSync(clusterPaths("torn").state, "{");
    const result = configured({ name: "torn" });
    expect(result.ok ? "" : result.diagnostics[0]?.message).toContain(clusterPaths("torn").state);
  });

  test("runs the proxy and the webhooks that its data plane can", () => {
    embeddedCluster("full", {});
    embeddedCluster("rootless", { dataPlane: "host", webhookOrigin: "https://localhost:15017" });
    const features = ["full", "rootless"].map((name) => {
      const result = configured({ name });
      return result.ok ? result.value.features : undefined;
    });
    expect(features).toMatchObject([
      { proxy: "stock", webhooks: { kind: "service" }, kubernetesVersion: "1.36.3" },
      { proxy: "none", webhooks: { kind: "url", origin: "https://localhost:15017" } },
    ]);
  });
});

describe("a cluster by its kubeconfig", () => {
  const faultsOf = (options: Record<string, unknown>) => {
    const result = providers.kubeconfig.configure(options, ["cluster"]);
    return result.ok
      ? []
      : result.diagnostics.map((d) => `${formatPath(d.path)}: ${d.message} | ${d.hint ?? ""}`);
  };

  test.each<[string, () => Record<string, unknown>, RegExp]>([
    ["no file", () => ({ path: join(folder, "none") }), /^cluster\.path: there is no kubeconfig at .*none/],
    ["a folder", () => ({ path: folder }), /^cluster\.path: cannot read/],
    ["an empty file", () => ({ path: file("empty", "") }), /^cluster\.path: .*empty holds no kubeconfig/],
    [
      "bad YAML",
      () => ({ path: file("bad", "a: [1\nb: 2") }),
      /^cluster\.path: .*bad is not YAML: .* line 2/,
    ],
    ["no contexts", () => ({ path: file("bare", "apiVersion: v1") }), /^cluster\.path: .*holds no contexts/],
    [
      "no current context",
      () => ({ path: file("lost", kubeconfigOf("").replace('"current-context":"east",', "")) }),
      /^cluster\.context: .*choose one with `context`: east, west/,
    ],
    [
      "a context that is not there",
      () => ({ path: file("k", kubeconfigOf("")), context: "north" }),
      /^cluster\.context: .*no context "north" \| it has: east, west/,
    ],
    [
      "a context of a cluster that is not there",
      () => ({ path: file("k", kubeconfigOf("")), context: "torn" }),
      /^cluster\.context: .*names the cluster "gone"/,
    ],
    [
      "a path and a value",
      () => ({ path: "x", value: { $ref: "k" } }),
      /^cluster\.value: .*exclude each other/,
    ],
    ["a plain value", () => ({ value: "apiVersion: v1" }), /^cluster\.value: expected a Ref/],
    [
      "a path that is no text",
      () => ({ path: 3 }),
      /^cluster\.path: expected a string that is not empty, found 3/,
    ],
    [
      "a version that is none",
      () => ({ path: file("k", kubeconfigOf("")), features: { kubernetesVersion: "latest" } }),
      /^cluster\.features\.kubernetesVersion: "latest" is not/,
    ],
    [
      "an unknown feature",
      () => ({ path: file("k", kubeconfigOf("")), features: { gatewayApi: { owner: "me" } } }),
      /^cluster\.features\.gatewayApi\.owner: expected one of/,
    ],
  ])("%s is refused", (_, options, message) => {
    const faults = faultsOf(options());
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(message);
  });

  test("reports faults of the file and of the features at once", () => {
    expect(
      faultsOf({ path: join(folder, "none"), identifier: "", features: { proxy: "nginx", netAdmin: "yes" } }),
    ).toHaveLength(4);
  });

  test("is found where kubectl would look, unless there are several", () => {
    process.env["KUBECONFIG"] = file("default", kubeconfigOf(""));
    expect(faultsOf({})).toEqual([]);
    process.env["KUBECONFIG"] = "/one:/two";
    expect(faultsOf({})).toEqual([expect.stringContaining("KUBECONFIG names 2 files")]);
    delete process.env["KUBECONFIG"];
  });

  test("made by the same program comes in by a Ref", async () => {
    const args = {
      cluster: { kind: "kubeconfig", value: { $ref: "eks" } },
      values: { eks: kubeconfigOf("x") },
    };
    const seen = await register(() => new Cluster("shop", args));
    expect(find(seen, "shop-kubernetes").inputs).toMatchObject({
      kubeconfig: secret(kubeconfigOf("x")),
      clusterIdentifier: "kubeconfig:eks",
    });
  });
});
