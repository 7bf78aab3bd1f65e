import { Cluster } from "../../components/cluster";
import { find, register, secret } from "./engine";
import { cluster } from "./fixtures";

test("the provider applies on the server, has an identity of its own, and a kubeconfig that is secret", async () => {
  const seen = await register(() => new Cluster("shop", { cluster, values: { kubeconfig: "canary" } }));
  expect(seen.map((r) => r.type)).toEqual(["meshwright:index:Cluster", "pulumi:providers:kubernetes"]);
  expect(find(seen, "shop-kubernetes")).toMatchObject({
    parent: "shop",
    inputs: {
      kubeconfig: secret("canary"),
      clusterIdentifier: "test-cluster",
      enableServerSideApply: "true",
      enableConfigMapMutable: "true",
      enableSecretMutable: "true",
    },
  });
});

test("a missing value and unknown options are errors, and nothing is registered", async () => {
  const messages: string[] = [];
  const seen = await register(() => {
    const bad = [
      { cluster },
      { cluster: { kind: "local", nmae: "x", color: 1, name: 3 } },
      { cluster: { kind: "moon" } },
    ];
    for (const args of bad) {
      try {
        new Cluster("shop", args);
      } catch (error) {
        messages.push((error as Error).message);
      }
    }
  });
  expect(messages[0]).toContain("{ $ref: kubeconfig }");
  expect(messages[1]).toMatch(/nmae[\s\S]*color[\s\S]*cluster\.name/);
  expect(messages[2]).toContain("local, kubeconfig");
  expect(seen).toEqual([]);
});
