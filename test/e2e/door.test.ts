import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOf, KubeClient, loadKubeconfig } from "../../kube";

interface Summary {
  readonly ok: boolean;
  readonly mtls: string;
  readonly simulated: readonly string[];
  readonly clusters: readonly {
    readonly kubeconfig: string;
    readonly pods: readonly { readonly ready: boolean }[];
  }[];
  readonly proofs: readonly {
    readonly report: {
      readonly proof: string;
      readonly checks: readonly { readonly id: string; readonly status: string }[];
    };
  }[];
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const root = join(__dirname, "..", "..");
const home = mkdtempSync(join(tmpdir(), "meshwright-door-"));

let kubeconfig = "";

/** Runs the command as a user does, in a state folder of the test's own. */
function door(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, "bin", "door.cjs"), ...args], {
      // The stack `existing` takes the cluster of KUBECONFIG: the one that the stack `local` was deployed to.
      env: { ...process.env, MESHWRIGHT_HOME: home, PULUMI_BACKEND_URL: undefined, KUBECONFIG: kubeconfig },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    child.on("close", (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

async function setMtls(kubeconfig: string, mode: string): Promise<void> {
  const kube = new KubeClient(connectionOf(loadKubeconfig(kubeconfig)));
  const target = {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    namespace: "istio-system",
  };
  try {
    await kube.mergePatch(
      { ...target, name: "default" },
      { spec: { mtls: { mode } } },
      { fieldManager: "by-hand" },
    );
  } finally {
    kube.close();
  }
}

const asRoot = process.platform === "linux" && process.getuid?.() === 0;
if (!asRoot && process.env["CI"] !== undefined) throw new Error("the data plane needs Linux and root");
if (!asRoot) console.warn("skipped: the data plane needs Linux and root");
const whereItRuns = asRoot ? describe : describe.skip;

whereItRuns("the commands of the README [data plane]", () => {
  const stackFile = join(root, "stacks", "config", "Pulumi.local.yaml");
  const written = readFileSync(stackFile, "utf8");

  afterAll(async () => {
    if (existsSync(home)) await door("down");
    rmSync(home, { recursive: true, force: true });
  }, 120_000);

  test("up brings a strict mesh to life and proves it by traffic, nothing simulated", async () => {
    const { code, stdout, stderr } = await door("up", "--json");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    const summary = JSON.parse(stdout) as Summary;
    expect(summary).toMatchObject({ ok: true, mtls: "strict", simulated: [] });
    expect(summary.proofs.map(({ report }) => report.proof)).toEqual(["traffic"]);
    const checks = summary.proofs.flatMap(({ report }) => report.checks);
    expect(checks.filter((check) => check.status !== "passed")).toEqual([]);
    expect(checks.length).toBeGreaterThanOrEqual(15);
    expect(summary.clusters.flatMap(({ pods }) => pods.filter((pod) => !pod.ready))).toEqual([]);
    kubeconfig = summary.clusters[0]?.kubeconfig ?? "";
  }, 400_000);

  test("up leaves the user's stack file as it was", () => {
    expect(readFileSync(stackFile, "utf8")).toBe(written);
  });

  test("a second up changes nothing", async () => {
    const { code, stderr } = await door("up", "--json");
    expect(code).toBe(0);
    expect(stderr).toMatch(/Resources:\s+\d+ unchanged\s/);
    expect(stderr).not.toMatch(/\d+ (created|updated|replaced|deleted)/);
  }, 200_000);

  test("up fails after mTLS was made permissive by hand, and up --refresh undoes it", async () => {
    await setMtls(kubeconfig, "PERMISSIVE");
    const failed = await door("up", "--json");
    expect(failed.code).toBe(1);
    expect((JSON.parse(failed.stdout) as Summary).ok).toBe(false);
    expect(failed.stdout).toContain("PeerAuthentication istio-system/default");
    const repaired = await door("up", "--refresh", "--json");
    expect({ code: repaired.code, ok: (JSON.parse(repaired.stdout) as Summary).ok }).toEqual({
      code: 0,
      ok: true,
    });
  }, 300_000);

  test("a cluster that has an Istio already is left as it is, and what is in the way is named", async () => {
    const { code, stderr } = await door("up", "--stack", "existing");
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /already has \d+ objects of the plan that this stack did not make; nothing was changed/,
    );
    expect(stderr).toContain("Namespace istio-system");
    expect(stderr).toContain("Deployment istio-system/istiod");
    const down = await door("down", "--stack", "existing");
    expect(down).toMatchObject({ code: 0 });
  }, 200_000);

  test("what is wrong with the input is said with exit code 2", async () => {
    const { code, stderr } = await door("up", "--stack", "nowhere");
    expect(code).toBe(2);
    expect(stderr).toContain('there is no stack "nowhere"');
  });

  test("down leaves nothing running and nothing behind", async () => {
    const { code, stderr } = await door("down", "--json");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(existsSync(home)).toBe(false);
    const processes = spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout;
    expect(processes.split("\n").filter((line) => line.includes(home))).toEqual([]);
    const links = spawnSync("ip", ["-o", "link"], { encoding: "utf8" }).stdout;
    expect(links.split("\n").filter((line) => line.includes(home))).toEqual([]);
  }, 200_000);
});
