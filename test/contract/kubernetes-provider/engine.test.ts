import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describeWith, startTestCluster, type TestCluster } from "./support/cluster";
import { Project } from "./support/engine";
import { eventually } from "./support/suite";

const UP = ["up", "--yes", "--skip-preview"];
const STEPS = `
const k8s = require("@pulumi/kubernetes"), pulumi = require("@pulumi/pulumi"), fs = require("fs");
const step = new pulumi.Config().require("step");
const provider = new k8s.Provider("k", { kubeconfig: fs.readFileSync(process.env.KUBECONFIG, "utf8"), clusterIdentifier: "engine" });
const labels = { app: "web" };
const metadata = { name: "engine" };
const ns = new k8s.core.v1.Namespace("engine", { metadata }, { provider });
const namespace = ns.metadata.name;
if (step === "forty") for (let i = 0; i < 40; i++)
  new k8s.core.v1.ConfigMap("c" + i, { metadata: { name: "c" + i, namespace }, data: { a: "1" } }, { provider });
if (step === "stuck" || step === "healed") new k8s.apps.v1.Deployment("web", { metadata: { name: "web", namespace }, spec: { selector: { matchLabels: labels },
  template: { metadata: { labels }, spec: { nodeSelector: step === "stuck" ? { "example.com/nowhere": "x" } : {}, containers: [{ name: "c", image: "x" }] } } } }, { provider });
`;

describeWith(["pulumi", "pulumi-language-nodejs"], "under the engine", () => {
  let cluster: TestCluster;
  let project: Project;
  beforeAll(async () => {
    cluster = await startTestCluster();
    project = new Project("engine", STEPS, { KUBECONFIG: cluster.kubeconfig });
    await project.init({ step: "forty" });
  });
  afterAll(async () => {
    await project.pulumi("destroy", "--yes", "--skip-preview");
    project.remove();
    await cluster.remove();
  });

  const web = { apiVersion: "apps/v1", kind: "Deployment", namespace: "engine", name: "web" };
  const begun = (engine: ChildProcess) =>
    eventually(async () => {
      if (engine.exitCode !== null) throw new Error(`the engine ended with ${engine.exitCode}`);
      return cluster.client.find(web).catch(() => undefined);
    });
  const ended = (engine: ChildProcess) => new Promise((resolve) => engine.once("exit", resolve));

  test("an update without changes asks the API server nothing", async () => {
    expect((await project.pulumi(...UP)).code).toBe(0);
    cluster.proxy.seen.length = 0;
    const { code, log } = await project.pulumi(...UP);
    expect(code).toBe(0);
    expect(log).toContain("43 unchanged");
    expect(cluster.proxy.seen).toEqual([]);
  });

  test("interrupted while it waits, it keeps the object in the state, and the next update goes on", async () => {
    await project.configure({ step: "stuck" });
    const engine = project.start(...UP);
    await begun(engine);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    engine.kill("SIGINT");
    await ended(engine);
    const state = await project.state();
    const kept = state.deployment.resources.find(({ urn }) => urn.endsWith("Deployment::web"));
    expect(kept?.initErrors?.join()).toContain("Resource operation was cancelled for 'web'");
    await project.configure({ step: "healed" });
    expect((await project.pulumi(...UP)).log).toMatch(/~ 1 updated/);
  });

  test("killed while it waits, it leaves no plugin behind", async () => {
    await cluster.client.delete(web, { propagation: "Foreground" });
    await project.pulumi("refresh", "--yes", "--skip-preview");
    await project.configure({ step: "stuck" });
    const engine = project.start(...UP);
    await begun(engine);
    const [plugin] = childrenOf(engine.pid ?? 0, "kubernetes");
    expect(plugin).toBeDefined();
    engine.kill("SIGKILL");
    await ended(engine);
    await eventually(() => Promise.resolve(alive(plugin ?? 0) ? undefined : true));
    await project.pulumi("cancel", "--yes");
    await project.configure({ step: "healed" });
    await cluster.client.delete(web, { propagation: "Background" });
    const { code, log } = await project.pulumi(...UP);
    expect(log).toMatch(/\+ 1 created/);
    expect(code).toBe(0);
  });
});

/** Processes below `parent` whose command line has `word` in it. */
function childrenOf(parent: number, word: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const stat = read(`/proc/${pid}/stat`);
      return (
        Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent &&
        read(`/proc/${pid}/cmdline`).includes(word)
      );
    });
}

function alive(pid: number): boolean {
  const status = read(`/proc/${pid}/status`);
  return status !== "" && !/^State:\s+Z/m.test(status);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
