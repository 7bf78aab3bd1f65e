import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteCluster, startCluster } from "../../../../embedded/cluster";
import { findTool, type ToolName } from "../../../../embedded/tools";
import { connectionOf, KubeClient, loadKubeconfig } from "../../../../kube";
import { Proxy } from "./proxy";

/** A cluster for one test file. */
export interface TestCluster {
  /** Leads through `proxy`. */
  readonly kubeconfig: string;
  /** Leads straight to the API server. */
  readonly client: KubeClient;
  readonly proxy: Proxy;
  /** Takes away all that the cluster left. */
  remove(): Promise<void>;
}

const CONTROL_PLANE: readonly ToolName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
];

/** `describe` that needs tools: skips where they are missing, says which, and fails instead in CI. */
export function describeWith(tools: readonly ToolName[], title: string, tests: () => void): void {
  const missing = [...CONTROL_PLANE, ...tools].filter((name) => findTool(name) === undefined);
  describeUnless(missing.length > 0 ? `missing: ${missing.join(", ")}` : undefined, title, tests);
}

export function describeUnless(reason: string | undefined, title: string, tests: () => void): void {
  if (reason === undefined) return describe(title, tests);
  if (process.env["CI"] === "true") {
    return describe(title, () => test("can run", () => Promise.reject(new Error(reason))));
  }
  console.warn(`skipped: ${title} (${reason})`);
  describe.skip(title, tests);
}

/** An embedded cluster of its own, or the one that MESHWRIGHT_TEST_KUBECONFIG names, for quick work on the tests. */
export async function startTestCluster(): Promise<TestCluster> {
  const home = mkdtempSync(join(tmpdir(), "meshwright-provider-"));
  const running = process.env["MESHWRIGHT_TEST_KUBECONFIG"];
  const outside = process.env["MESHWRIGHT_HOME"];
  process.env["MESHWRIGHT_HOME"] = home;
  const direct =
    running ?? (await startCluster({ name: "provider", dataPlane: "host" }, () => undefined)).kubeconfig;
  const client = new KubeClient(connectionOf(loadKubeconfig(direct)));
  const proxy = await Proxy.before(client.connection);
  const kubeconfig = join(home, "kubeconfig");
  writeFileSync(kubeconfig, proxy.kubeconfig);
  return {
    kubeconfig,
    client,
    proxy,
    remove: async () => {
      proxy.close();
      client.close();
      if (running === undefined) await deleteCluster("provider");
      if (outside === undefined) delete process.env["MESHWRIGHT_HOME"];
      else process.env["MESHWRIGHT_HOME"] = outside;
      rmSync(home, { recursive: true, force: true });
    },
  };
}
