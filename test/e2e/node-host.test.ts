import { clusterDir } from "../../embedded/home";
import { deleteCluster, startCluster } from "../../embedded/cluster";
import { reachPod, runningPods } from "../../embedded/node/exec";
import { findAsset, findTool } from "../../embedded/tools";
import type { KubeObject } from "../../kube";
import { clientOf, describeWithControlPlane, eventually } from "./cluster/support";
import { applyAll, get, podsOf, readyPods, renderIstio, traces } from "./node/support";

const missing =
  findTool("pilot-discovery") === undefined ||
  findTool("helm") === undefined ||
  findAsset("istio-charts") === undefined;
if (missing) console.warn("istiod on the host: skipped: pilot-discovery, helm or Istio's charts are missing");
const whenThere = missing && process.env["CI"] !== "true" ? test.skip : test;

describeWithControlPlane("the data plane host", () => {
  const named = (name: string) => ({ name, namespace: "shop" });

  whenThere(
    "runs istiod on loopback with real webhooks, also while it is replaced, and simulates all else",
    async () => {
      const cluster = await startCluster({ name: "node-test", dataPlane: "host" }, () => undefined);
      const client = clientOf(cluster);
      const values = {
        global: { hub: "docker.io/istio", tag: "any" },
        autoscaleEnabled: false,
        istiodRemote: { injectionURL: `${cluster.webhookOrigin}/inject` },
        base: { validationURL: `${cluster.webhookOrigin}/validate` },
      };
      const template = {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "app", image: "node:20-alpine" }] },
      };
      const web: KubeObject = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: named("web"),
        spec: { selector: { matchLabels: { app: "web" } }, template },
      };
      await applyAll(client, [
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "istio-system" } },
        {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "shop", labels: { "istio-injection": "enabled" } },
        },
        ...renderIstio("base", "base", values),
        ...renderIstio("istiod", "istiod", values),
      ]);

      const [istiod] = await readyPods(client, ["istio-system", "app=istiod"], 1);
      expect(istiod?.node).toBe("node-test-process-0");
      const pod = { namespace: "istio-system", name: istiod?.name ?? "" };
      expect(runningPods("node-test")[`istio-system/${pod.name}`]?.netns).toBeUndefined();
      const { host, port } = reachPod("node-test", pod, 8080);
      expect(host).toBe("127.0.0.1");
      expect((await get(`http://${host}:${port}/ready`)).code).toBe(200);

      const injected = async (): Promise<string[]> => {
        await applyAll(client, [web]);
        const [made] = await readyPods(client, ["shop", "app=web"], 1);
        expect(made?.node).toMatch(/simulated/);
        await client.delete(
          { apiVersion: "apps/v1", kind: "Deployment", ...named("web") },
          { propagation: "Foreground" },
        );
        await eventually(async () =>
          (await podsOf(client, "shop", "app=web")).length === 0 ? true : undefined,
        );
        const { containers } = made?.object["spec"] as { containers: { name: string }[] };
        return containers.map(({ name }) => name).sort();
      };
      expect(await injected()).toEqual(["app", "istio-proxy"]);

      const restart = { spec: { template: { metadata: { annotations: { again: "yes" } } } } };
      const ref = { apiVersion: "apps/v1", kind: "Deployment", name: "istiod", namespace: "istio-system" };
      await client.mergePatch(ref, restart, { fieldManager: "test" });
      const replaced = await eventually(async () => {
        const pods = await podsOf(client, "istio-system", "app=istiod");
        return pods.length === 1 && pods[0]?.name !== pod.name && pods[0]?.ready === true ? true : undefined;
      });
      expect(replaced).toBe(true);
      expect(await injected()).toEqual(["app", "istio-proxy"]);

      const folder = clusterDir("node-test");
      expect(traces(folder, "mw-none")).not.toEqual([]);
      client.close();
      await deleteCluster("node-test");
      expect(traces(folder, "mw-none")).toEqual([]);
    },
    180_000,
  );
});
