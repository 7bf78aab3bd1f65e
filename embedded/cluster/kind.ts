import { execFile, spawn, spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { promisify } from "node:util";
import { readText, writePrivate } from "./files";
import { kindFile, kindName, nodeOf, readKindCluster, type KindCluster } from "./kind-read";
import { clusterPaths } from "./paths";
import { readCluster } from "./read";
import { checkName } from "./state";
import type { Progress } from "./types";

/** What a cluster of this machine consists of. */
export type Backend = "kind" | "embedded";

const run = (program: string, args: readonly string[]) =>
  promisify(execFile)(program, args, { env: process.env });
const PODS = "10.244.0.0/16";
const SERVICES = "10.96.0.0/16";

/** What the cluster of a name consists of already, else `kind` where Docker answers within five seconds and kind is on PATH. */
export function chooseBackend(name: string): Backend {
  if (readCluster(name) !== undefined) return "embedded";
  if (readKindCluster(name) !== undefined) return "kind";
  const answers = (program: string, ...args: readonly string[]): boolean =>
    spawnSync(program, args, { env: process.env, stdio: "ignore", timeout: 5000 }).status === 0;
  return answers("docker", "info") && answers("kind", "version") ? "kind" : "embedded";
}

/** Makes the cluster, or takes the one that is there. Its name with kind and Docker is `meshwright-<name>`. */
export async function createKindCluster(name: string, progress: Progress): Promise<KindCluster> {
  checkName(name);
  const { root, kubeconfig } = clusterPaths(name);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const { stdout } = await run("kind", ["get", "clusters"]);
  const target = ["--name", kindName(name), "--kubeconfig", kubeconfig];
  if (stdout.split("\n").includes(kindName(name))) {
    await run("docker", ["start", nodeOf(name)]); // does nothing to one that runs
    await kind(["export", "kubeconfig", ...target], "", progress);
  } else await kind(["create", "cluster", ...target, "--wait", "120s", "--config", "-"], CONFIG, progress);
  const cluster: KindCluster = {
    name,
    backend: "kind",
    kubernetesVersion: await nodeVersion(name),
    server: /server:\s*(\S+)/.exec(readText(kubeconfig) ?? "")?.[1] ?? "",
    kubeconfig,
    podCidr: PODS,
    serviceCidr: SERVICES,
  };
  writePrivate(kindFile(name), `${JSON.stringify(cluster, null, 2)}\n`);
  return cluster;
}

/** Removes the cluster and its folder. Does nothing where there is none. */
export async function deleteKindCluster(name: string, progress: Progress): Promise<void> {
  checkName(name);
  const { root, kubeconfig } = clusterPaths(name);
  await kind(["delete", "cluster", "--name", kindName(name), "--kubeconfig", kubeconfig], "", progress);
  rmSync(root, { recursive: true, force: true });
}

const CONFIG = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
networking:
  podSubnet: ${PODS}
  serviceSubnet: ${SERVICES}
`;

/** The Kubernetes version of the node's image, `kindest/node:v1.34.0@sha256:…`. */
async function nodeVersion(name: string): Promise<string> {
  const { stdout } = await run("docker", ["inspect", "--format", "{{.Config.Image}}", nodeOf(name)]);
  return /:v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? stdout.trim();
}

/** kind tells what it does on stderr, line by line. */
function kind(args: readonly string[], input: string, progress: Progress): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("kind", args, { stdio: ["pipe", "ignore", "pipe"], env: process.env });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said += chunk;
      for (const line of chunk.split("\n")) if (line.trim()) progress(line.trim());
    });
    child.once("error", (error) => reject(new Error(`cannot run kind: ${error.message}`)));
    child.once("close", (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`kind ${args.join(" ")} failed (exit code ${code}):\n${said.trim()}`)),
    );
    child.stdin.on("error", () => undefined); // ended without reading it
    child.stdin.end(input);
  });
}
