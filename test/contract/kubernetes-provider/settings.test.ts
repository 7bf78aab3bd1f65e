import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { CONFIG_MAP, configMap, DEPLOYMENT, meta, workload } from "./support/manifests";
import { pluginUnderTest } from "./support/plugin";
import { describePlugin, eventually } from "./support/suite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CHANGED = 2;

describePlugin("the provider's settings", [], (suite) => {
  const failure = (call: Promise<unknown>) =>
    call.then(
      () => "it did not fail",
      (error: Error) => error.message,
    );

  test("what it does not support is an error that says so", async () => {
    const { plugin } = suite();
    expect(
      await plugin.checkConfig({
        renderYamlToDirectory: "out",
        enableServerSideApply: "false",
        deleteUnreachable: "true",
      }),
    ).toEqual([
      expect.stringMatching(/^renderYamlToDirectory: not supported by the offline provider/),
      expect.stringMatching(/^deleteUnreachable: not supported by the offline provider/),
      expect.stringMatching(/^enableServerSideApply: .*server-side apply/),
    ]);
    expect(await failure(plugin.invoke("kubernetes:kustomize:directory", {}))).toBe(
      "the function kubernetes:kustomize:directory is not supported by the offline provider; install the official plugin",
    );
    expect(await failure(plugin.construct("kubernetes:helm.sh/v4:Chart"))).toBe(
      "the remote component kubernetes:helm.sh/v4:Chart is not supported by the offline provider; install the official plugin",
    );
  });

  test("a kubeconfig that cannot be used is told by what needs it, not by what does not", async () => {
    const plugin = await suite().another({ kubeconfig: "{}", namespace: "x" });
    expect((await plugin.check(CONFIG_MAP, configMap("x", "y"))).failures).toEqual([]);
    expect(await failure(plugin.create(CONFIG_MAP, configMap("x", "y")))).toContain(
      "configured Kubernetes cluster is unreachable: kubeconfig: no current-context",
    );
  });

  test("another cluster replaces everything, unless it is known to be the same", async () => {
    const { plugin, cluster } = suite();
    const here = readFileSync(cluster.kubeconfig, "utf8");
    const there = here.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:9");
    const diff = (olds: object, news: object) =>
      plugin.diffConfig({ kubeconfig: here, ...olds }, { kubeconfig: there, ...news });
    expect(await diff({}, {})).toMatchObject({ changes: CHANGED, replacesList: ["kubeconfig"] });
    expect(await diff({ clusterIdentifier: "a" }, { clusterIdentifier: "a" })).toMatchObject({
      changes: CHANGED,
      replacesList: [],
    });
    expect(await diff({ clusterIdentifier: "a" }, { clusterIdentifier: "b" })).toMatchObject({
      replacesList: expect.arrayContaining(["clusterIdentifier"]) as string[],
    });
    expect(await diff({}, { kubeconfig: `${here}\n` })).toMatchObject({ changes: CHANGED, replacesList: [] });
  });

  test("which changes replace an object depends on its kind and on the settings", async () => {
    const { plugin, namespace } = suite();
    const mutable = await suite().another({ enableConfigMapMutable: "true" });
    const [before, after] = [configMap(namespace, "c"), configMap(namespace, "c", { a: "2" })];
    expect(await plugin.diff(CONFIG_MAP, before, after)).toMatchObject({
      replacesList: ["data.a"],
      deletebeforereplace: true,
    });
    expect(await mutable.diff(CONFIG_MAP, before, after)).toMatchObject({
      changes: CHANGED,
      replacesList: [],
    });
    const frozen = { immutable: true };
    expect(await mutable.diff(CONFIG_MAP, { ...before, ...frozen }, { ...after, ...frozen })).toMatchObject({
      replacesList: ["data.a"],
    });
    const web = workload("Deployment", meta(namespace, "web"));
    expect(
      await plugin.diff(DEPLOYMENT, web, workload("Deployment", meta(namespace, "web"), { replicas: 2 })),
    ).toMatchObject({
      changes: CHANGED,
      replacesList: [],
    });
    expect(await plugin.diff(DEPLOYMENT, web, workload("Deployment", meta(namespace, "web2")))).toMatchObject(
      {
        replacesList: expect.arrayContaining(["metadata.name", "spec.selector.matchLabels.app"]) as string[],
        deletebeforereplace: false,
      },
    );
  });

  test("the plugin ends by itself when the engine was killed", async () => {
    const home = mkdtempSync(join(tmpdir(), "meshwright-orphan-"));
    const script = `const c = require("node:child_process").spawn(process.argv[1], ["127.0.0.1:1"], {stdio: ["ignore", "pipe", "ignore"]});
      c.stdout.once("data", () => process.stdout.write(c.pid + "\\n"));`;
    const engine = spawn(process.execPath, ["-e", script, pluginUnderTest(home)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<number>((resolve) =>
      engine.stdout.once("data", (line: Buffer) => resolve(Number(line))),
    );
    expect(alive(pid)).toBe(true);
    engine.kill("SIGKILL");
    await eventually(() => Promise.resolve(alive(pid) ? undefined : true));
    rmSync(home, { recursive: true, force: true });
  });
});

function alive(pid: number): boolean {
  try {
    // A zombie that nobody has waited for yet is dead.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
