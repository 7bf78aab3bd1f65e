import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deleteCluster, startCluster } from "../../../../embedded/cluster";
import { findTool, type ToolName } from "../../../../embedded/tools";
import { connectionOf, KubeClient, loadKubeconfig } from "../../../../kube";

/** A cluster for one test file. */
export interface TestCluster {
  readonly kubeconfig: string;
  readonly client: KubeClient;
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
  const running = process.env["MESHWRIGHT_TEST_KUBECONFIG"];
  if (running) return { kubeconfig: running, client: clientOf(running), remove: () => Promise.resolve() };
  const home = mkdtempSync(join(tmpdir(), "meshwright-provider-"));
  const outside = process.env["MESHWRIGHT_HOME"];
  process.env["MESHWRIGHT_HOME"] = home;
  const { kubeconfig } = await startCluster({ name: "provider", dataPlane: "host" }, () => undefined);
  const client = clientOf(kubeconfig);
  return {
    kubeconfig,
    client,
    remove: async () => {
      client.close();
      await deleteCluster("provider");
      if (outside === undefined) delete process.env["MESHWRIGHT_HOME"];
      else process.env["MESHWRIGHT_HOME"] = outside;
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function clientOf(kubeconfig: string): KubeClient {
  return new KubeClient(connectionOf(loadKubeconfig(kubeconfig)));
}
