import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  clusterStatus,
  deleteCluster,
  listClusters,
  startCluster,
  type ComponentName,
  type EmbeddedCluster,
} from "../../../embedded/cluster";
import { findTool } from "../../../embedded/tools";
import { connectionOf, KubeClient, loadKubeconfig, type KubeObject } from "../../../kube";

const TOOLS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;

/**
 * Tests with the real programs, in a state folder of their own. Without the programs they are skipped with a reason;
 * in CI they fail.
 */
export function describeWithControlPlane(name: string, body: (home: string) => void): void {
  const missing = TOOLS.filter((tool) => findTool(tool) === undefined);
  const reason = `${missing.join(", ")} missing; install: npx meshwright doctor --install`;
  if (missing.length > 0 && process.env["CI"] === "true") test(name, () => expect(reason).toBe(""));
  else if (missing.length > 0) describe.skip(`${name} (skipped: ${reason})`, () => body(""));
  else describe(name, () => inOwnHome(body));
}

function inOwnHome(body: (home: string) => void): void {
  const home = mkdtempSync(join(tmpdir(), "meshwright-cluster-"));
  const outside = process.env["MESHWRIGHT_HOME"];
  beforeAll(() => {
    process.env["MESHWRIGHT_HOME"] = home;
  });
  afterAll(async () => {
    for (const name of listClusters()) await deleteCluster(name);
    rmSync(home, { recursive: true, force: true });
    if (outside === undefined) delete process.env["MESHWRIGHT_HOME"];
    else process.env["MESHWRIGHT_HOME"] = outside;
  });
  body(home);
}

export function start(
  name: string,
  progress: (line: string) => void = () => undefined,
): Promise<EmbeddedCluster> {
  return startCluster({ name, dataPlane: "host" }, progress);
}

/** A start from a process of its own, as a second terminal would do it. */
export function startElsewhere(name: string): { child: ChildProcess; ended: Promise<number | null> } {
  const main = join(__dirname, "../../../embedded/cluster/main.ts");
  const args = ["--require", "tsx/cjs", main, "start", name];
  const child = spawn(process.execPath, args, { stdio: "ignore", env: { ...process.env } });
  return { child, ended: new Promise((resolve) => child.once("exit", resolve)) };
}

export function pids(name: string): Partial<Record<ComponentName, number | undefined>> {
  return Object.fromEntries(clusterStatus(name).components.map((c) => [c.name, c.pid]));
}

export function clientOf(cluster: EmbeddedCluster): KubeClient {
  return new KubeClient(connectionOf(loadKubeconfig(cluster.kubeconfig)));
}

export function configMap(name: string, data: Record<string, string>): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

export function pod(name: string, nodeSelector: Record<string, string> = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: { nodeSelector, containers: [{ name: "app", image: "example.com/nobody/knows:this" }] },
  };
}

/** Asks until there is an answer, for at most 30 seconds. */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T | undefined> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

/** The pod's IP and node once it is Ready. */
export function readyPod(
  client: KubeClient,
  name: string,
): Promise<{ ip: string; node: string } | undefined> {
  return eventually(async () => {
    const object = await client.get({ apiVersion: "v1", kind: "Pod", name });
    const status = object["status"] as { podIP?: string; conditions?: { type: string; status: string }[] };
    const ready = status.conditions?.some((c) => c.type === "Ready" && c.status === "True");
    if (!ready || status.podIP === undefined) return undefined;
    return { ip: status.podIP, node: (object["spec"] as { nodeName: string }).nodeName };
  });
}

/** Command lines of all processes that name the folder or were started for a cluster in it. */
export function processesOf(folder: string): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .flatMap((pid) => {
      try {
        const [line, environ] = ["cmdline", "environ"].map((file) =>
          readFileSync(`/proc/${pid}/${file}`, "utf8"),
        );
        const own = line?.includes(folder) || environ?.includes(`MESHWRIGHT_COMPONENT=${folder}`);
        return own && line ? [line.replaceAll("\0", " ")] : [];
      } catch {
        return []; // ended meanwhile
      }
    });
}

/** Every regular file below a folder. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Listens on a port; the answer stops it. */
export function take(port: number): Promise<() => Promise<void>> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.on("connection", (socket) => socket.destroy());
    server.listen(port, "127.0.0.1", () =>
      resolve(() => new Promise((freed) => void server.close(() => freed()))),
    );
  });
}
