import { execFile, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readText, writePrivate } from "./files";
import { clusterPaths } from "./paths";
import { checkName } from "./state";
import type { EmbeddedCluster, Progress } from "./types";

/** A cluster of containers that the `kind` CLI made: everything in it really runs. */
export type KindCluster = Omit<EmbeddedCluster, "dataPlane" | "network" | "ports" | "webhookOrigin"> & {
  readonly backend: "kind";
};

const run = (program: string, args: readonly string[]) =>
  promisify(execFile)(program, args, { env: process.env });
const PODS = "10.244.0.0/16";
const SERVICES = "10.96.0.0/16";

/** `kind` where Docker answers within five seconds and the kind CLI is on PATH, else `embedded`. */
export async function chooseBackend(): Promise<"kind" | "embedded"> {
  const limit = { env: process.env, timeout: 5000 };
  try {
    await promisify(execFile)("docker", ["info"], limit);
    await promisify(execFile)("kind", ["version"], limit);
    return "kind";
  } catch {
    return "embedded";
  }
}

/** Makes the cluster, or takes the one that is there. Its name with kind and Docker is `meshwright-<name>`. */
export async function createKindCluster(name: string, progress: Progress): Promise<KindCluster> {
  checkName(name);
  const { root, kubeconfig } = clusterPaths(name);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const { stdout } = await run("kind", ["get", "clusters"]);
  const target = ["--name", kindName(name), "--kubeconfig", kubeconfig];
  if (stdout.split("\n").includes(kindName(name)))
    await kind(["export", "kubeconfig", ...target], "", progress);
  else await kind(["create", "cluster", ...target, "--wait", "120s", "--config", "-"], CONFIG, progress);
  const cluster: KindCluster = {
    name,
    backend: "kind",
    kubernetesVersion: await nodeVersion(name),
    server: /server:\s*(\S+)/.exec(readText(kubeconfig) ?? "")?.[1] ?? "",
    kubeconfig,
    podCidr: PODS,
    serviceCidr: SERVICES,
  };
  writePrivate(join(root, "kind.json"), `${JSON.stringify(cluster, null, 2)}\n`);
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

function kindName(name: string): string {
  return `meshwright-${name}`;
}

/** The Kubernetes version of the node's image, `kindest/node:v1.34.0@sha256:…`. */
async function nodeVersion(name: string): Promise<string> {
  const node = `${kindName(name)}-control-plane`;
  const { stdout } = await run("docker", ["inspect", "--format", "{{.Config.Image}}", node]);
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
