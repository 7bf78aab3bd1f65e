import { readFileSync } from "node:fs";
import { describeWith, startTestCluster, type TestCluster } from "./cluster";
import { Plugin, type Props } from "./direct";
import type { ToolName } from "../../../../embedded/tools";

/** What the tests of one file share: a cluster, a namespace in it, a plugin. */
export interface Suite {
  readonly cluster: TestCluster;
  readonly plugin: Plugin;
  /** A namespace of this file alone. */
  readonly namespace: string;
  /** A second plugin with other settings; stopped with the first. */
  another(config: Props): Promise<Plugin>;
}

/** Declares tests that call the plugin under test directly, against a real API server. */
export function describePlugin(
  title: string,
  needs: readonly ToolName[],
  tests: (suite: () => Suite) => void,
): void {
  describeWith(needs, title, () => {
    const plugins: Plugin[] = [];
    let suite: Suite | undefined;
    beforeAll(async () => {
      const cluster = await startTestCluster();
      const config = { kubeconfig: readFileSync(cluster.kubeconfig, "utf8"), clusterIdentifier: "test" };
      const another = async (more: Props) => {
        const plugin = await Plugin.start({ ...config, ...more });
        plugins.push(plugin);
        return plugin;
      };
      const namespace = `t${Date.now().toString(36)}`;
      await cluster.client.create(
        { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
        { fieldManager: "test" },
      );
      suite = { cluster, namespace, another, plugin: await another({}) };
    });
    afterAll(async () => {
      for (const plugin of plugins) await plugin.stop();
      if (!suite) return;
      const { client } = suite.cluster;
      await client.delete(
        { apiVersion: "v1", kind: "Namespace", name: suite.namespace },
        { propagation: "Background" },
      );
      await suite.cluster.remove();
    });
    tests(() => {
      if (!suite) throw new Error("the suite did not start");
      return suite;
    });
  });
}

/** Asks until the answer is there, for at most 30 seconds. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it did not happen within 30 seconds");
}
