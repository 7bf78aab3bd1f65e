import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { BLOCK_COUNT, networkOf, type NodeNetwork } from "../node/addresses";
import { createNodeNetwork } from "../node/network";
import { deleteCommand } from "./commands";
import { running } from "./component";
import { writePrivate } from "./files";
import { withLock } from "./lock";
import { clusterPaths, clustersDir, type ClusterPaths } from "./paths";
import { choosePorts } from "./ports";
import { readCluster } from "./read";
import type { ClusterTools } from "./tools";
import type { ClusterPorts, ClusterRequest, EmbeddedCluster, Progress } from "./types";

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Throws unless the request can be met here. */
export function checkRequest(request: ClusterRequest): void {
  checkName(request.name);
  if (request.dataPlane !== "netns") return;
  const why =
    process.platform !== "linux" ? "needs Linux" : process.getuid?.() !== 0 ? "needs root" : undefined;
  if (why) throw new Error(`data plane "netns" ${why}: start the cluster with data plane "host"`);
}

export function checkName(name: string): void {
  if (!NAME.test(name)) {
    throw new Error(`"${name}" cannot name a cluster: use 1 to 40 of a-z, 0-9 and "-", no "-" at either end`);
  }
}

/** Names of the clusters that were made here, running or not, half-made ones included. */
export function listClusters(): string[] {
  if (!existsSync(clustersDir())) return [];
  return readdirSync(clustersDir(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && NAME.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/**
 * The state of the cluster as it is to run now, written to `cluster.json`: the stored one, or a new one. Ports of
 * components that run are kept; others are kept while they are free.
 */
export async function prepareState(
  request: ClusterRequest,
  tools: ClusterTools,
  progress: Progress,
): Promise<EmbeddedCluster> {
  const paths = clusterPaths(request.name);
  mkdirSync(paths.root, { recursive: true, mode: 0o700 });
  const stored = readCluster(request.name);
  if (stored && stored.dataPlane !== request.dataPlane) {
    throw new Error(
      `cluster ${request.name} was made with data plane "${stored.dataPlane}", not "${request.dataPlane}". ` +
        `Delete it first: ${deleteCommand(request.name)}`,
    );
  }
  const lock = { file: join(clustersDir(), ".network.lock"), what: "choice of a network", progress };
  return withLock(lock, async () => {
    const network = await networkFor(request, stored);
    const ports = await choosePorts(stored?.ports ?? {}, portsInUse(paths));
    if (stored && ports.webhook !== stored.ports.webhook && request.dataPlane === "host") {
      progress(
        `port ${stored.ports.webhook} is taken: istiod's webhooks move to ${ports.webhook}, run up again`,
      );
    }
    const cluster = describe(request, { network, ports }, kubernetesVersion(tools, stored));
    writePrivate(paths.state, `${JSON.stringify(cluster, null, 2)}\n`);
    return cluster;
  });
}

function describe(
  request: ClusterRequest,
  { network, ports }: { readonly network: NodeNetwork; readonly ports: ClusterPorts },
  kubernetesVersion: string,
): EmbeddedCluster {
  const host = request.dataPlane === "host";
  return {
    name: request.name,
    kubernetesVersion,
    server: `https://127.0.0.1:${ports.apiServer}`,
    kubeconfig: clusterPaths(request.name).kubeconfig,
    dataPlane: request.dataPlane,
    podCidr: network.podCidr,
    serviceCidr: network.serviceCidr,
    ...(host && { webhookOrigin: `https://localhost:${ports.webhook}` }),
    network,
    ports,
  };
}

/** With data plane `netns` the machine decides; else it is enough that this user's clusters differ. */
async function networkFor(
  request: ClusterRequest,
  stored: EmbeddedCluster | undefined,
): Promise<NodeNetwork> {
  if (request.dataPlane === "netns") return createNodeNetwork(request);
  if (stored) return stored.network;
  const taken = listClusters().map(networkIndex);
  for (let index = 0; index < BLOCK_COUNT; index++) {
    if (!taken.includes(index)) return networkOf(index);
  }
  throw new Error(`every network is taken by another cluster. Delete one: ${deleteCommand("<name>")}`);
}

function networkIndex(name: string): number | undefined {
  try {
    return readCluster(name)?.network.index;
  } catch {
    return undefined; // its own start says what is wrong with it
  }
}

function portsInUse(paths: ClusterPaths): ReadonlySet<keyof ClusterPorts> {
  const used = new Set<keyof ClusterPorts>();
  if (running(paths, "kube-apiserver")) used.add("apiServer");
  if (running(paths, "node-agent")) used.add("extender").add("webhook");
  return used;
}

/** `1.36.3`, as the API server says it. Asked once: starting the program takes a moment. */
function kubernetesVersion(tools: ClusterTools, stored: EmbeddedCluster | undefined): string {
  if (stored) return stored.kubernetesVersion;
  const said = execFileSync(tools["kube-apiserver"], ["--version"], { encoding: "utf8" });
  return /v(\d+\.\d+\.\d+)/.exec(said)?.[1] ?? said.trim();
}
