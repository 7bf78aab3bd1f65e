import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EmbeddedCluster } from "../../../embedded/cluster";
import { findTool } from "../../../embedded/tools";
import { connectionOf, KubeClient, loadKubeconfig, type KubeObject } from "../../../kube";

const TOOLS = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;

/** The real programs or nothing: without them the tests are skipped with a reason; in CI they fail. */
export function describeWithControlPlane(name: string, body: () => void): void {
  const missing = TOOLS.filter((tool) => findTool(tool) === undefined);
  const reason = `${missing.join(", ")} missing; install: npx meshwright doctor --install`;
  if (missing.length === 0) describe(name, body);
  else if (process.env["CI"] === "true") test(name, () => expect(reason).toBe(""));
  else describe.skip(`${name} (skipped: ${reason})`, body);
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

/** Asks until the answer is there, for at most 30 seconds; then the last answer is judged. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

/** The pod once it is Ready, with its IP and node. */
export function readyPod(client: KubeClient, name: string) {
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
