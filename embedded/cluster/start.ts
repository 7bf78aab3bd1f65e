import { join } from "node:path";
import { deleteNodeNetwork } from "../node/network";
import { apiClient, apply } from "./api";
import type { Identity } from "./certificate";
import { apiServer, controllerManager, etcd, kwok, nodeAgent, scheduler } from "./components";
import { halt, launch, logSize, recordedComponents, running, runsAs, type ComponentSpec } from "./component";
import { writePrivate } from "./files";
import { kubeconfig } from "./kubeconfig";
import { withLock } from "./lock";
import { bootstrapObjects, processNodeName, simulatedNodeNames } from "./objects";
import { clusterPaths, clustersDir, componentKubeconfig } from "./paths";
import { ensurePki, type Pki } from "./pki";
import type { Setup } from "./setup";
import { checkRequest, prepareState } from "./state";
import { clusterTools } from "./tools";
import type { ClusterRequest, EmbeddedCluster, Progress } from "./types";
import {
  agentReady,
  apiServerReady,
  etcdListens,
  mayRead,
  nodeReady,
  podsAdmitted,
  StartFailure,
  waitFor,
  type Started,
  type Waiting,
} from "./wait";

const PORT_ATTEMPTS = 5;

/**
 * Starts the cluster, making it where there is none, and comes back when pods can be made in it. On a cluster that
 * runs it does nothing; on one that runs partly it starts what is missing, or runs another way than it should.
 * @param now the time by which certificates are renewed
 */
export async function startCluster(
  request: ClusterRequest,
  progress: Progress,
  now: () => Date = () => new Date(),
): Promise<EmbeddedCluster> {
  checkRequest(request);
  return withLock(clusterLock(request.name, progress), async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await startOnce(request, progress, now());
      } catch (error) {
        if (!(error instanceof StartFailure && error.portTaken && attempt < PORT_ATTEMPTS)) throw error;
        progress(`a port that ${error.component} was to listen on was taken meanwhile: trying another`);
      }
    }
  });
}

export function clusterLock(name: string, progress: Progress) {
  return { file: join(clustersDir(), `.${name}.lock`), what: `start or stop of cluster ${name}`, progress };
}

async function startOnce(request: ClusterRequest, progress: Progress, now: Date): Promise<EmbeddedCluster> {
  const tools = await clusterTools(request.dataPlane, progress);
  const cluster = await prepareState(request, tools, progress);
  const paths = clusterPaths(cluster.name);
  const setup: Setup = { cluster, paths, tools };
  const pki = await ensurePki(
    { dir: paths.pki, node: processNodeName(cluster), serverNames: serverNames(cluster) },
    now,
  );
  writeKubeconfigs(setup, pki);
  const starter = new Starter(setup, progress);
  try {
    await bringUp(setup, pki, starter);
  } catch (error) {
    await starter.undo();
    throw error;
  }
  return cluster;
}

/** Each component starts as soon as it can work: the API server takes another second until it calls itself ready. */
async function bringUp(setup: Setup, pki: Pki, starter: Starter): Promise<void> {
  const { cluster, paths } = setup;
  const clientOf = (identity: Identity) => apiClient(cluster.ports.apiServer, pki.ca.certificate, identity);
  const [admin, ofScheduler] = [clientOf(pki.admin), clientOf(pki["kube-scheduler"])];
  await starter.ensure([etcd(setup)]);
  await starter.until("etcd", () => etcdListens(paths));
  await starter.ensure([apiServer(setup)]);
  await starter.until("the API server", () => mayRead(admin, "/api/v1/namespaces"));
  await starter.until("roles", () => mayRead(ofScheduler, "/api/v1/pods"));
  await starter.ensure([controllerManager(setup), scheduler(setup), kwok(setup), nodeAgent(setup)]);
  if (starter.idle) return;
  await Promise.all(bootstrapObjects(cluster).map(({ path, object }) => apply(admin, path, object)));
  await starter.until("the API server to be ready", () => apiServerReady(admin));
  await starter.until("the default service account", () => podsAdmitted(admin));
  await starter.until("the node agent", agentReady);
  const nodes = [...simulatedNodeNames(cluster), processNodeName(cluster)];
  for (const node of nodes) await starter.until(`node ${node}`, () => nodeReady(admin, node));
}

/** Starts components, and remembers which, so that a start that fails takes back what it did and no more. */
class Starter {
  private readonly started: Started[] = [];

  constructor(
    private readonly setup: Setup,
    private readonly progress: Progress,
  ) {}

  get idle(): boolean {
    return this.started.length === 0;
  }

  /** Starts those that do not run the way that they should. */
  async ensure(specs: readonly ComponentSpec[]): Promise<void> {
    const { paths } = this.setup;
    for (const spec of specs) {
      if (runsAs(paths, spec)) continue;
      if (this.idle) this.progress(`starting cluster ${this.setup.cluster.name}`);
      if (running(paths, spec.name)) this.progress(`${spec.name} runs with other settings: starting it anew`);
      const logStart = logSize(paths, spec.name);
      this.started.push({ name: spec.name, id: await launch(paths, spec), logStart });
    }
  }

  until(what: string, met: (waiting: Waiting) => Promise<boolean>): Promise<void> {
    const waiting = { paths: this.setup.paths, started: this.started, progress: this.progress };
    return waitFor(what, waiting, () => met(waiting));
  }

  async undo(): Promise<void> {
    const { paths, cluster } = this.setup;
    for (const { name } of [...this.started].reverse()) await halt(paths, name);
    if (!recordedComponents(paths).some((name) => running(paths, name))) await deleteNodeNetwork(cluster);
  }
}

/** All that clients call the API server, inside and outside of the cluster. */
function serverNames({ network }: EmbeddedCluster): string[] {
  const service = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
  ];
  return ["localhost", "127.0.0.1", network.hostIp, network.apiServiceIp, ...service];
}

function writeKubeconfigs({ cluster, paths }: Setup, pki: Pki): void {
  const target = { name: cluster.name, server: cluster.server, ca: pki.ca.certificate };
  writePrivate(paths.kubeconfig, kubeconfig(target, "admin", pki.admin));
  for (const component of [
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
    "node-agent",
    "kube-proxy",
  ] as const) {
    // kube-proxy runs in the node network, where the host is not 127.0.0.1.
    const inside = component === "kube-proxy" && cluster.dataPlane === "netns";
    const server = inside ? `https://${cluster.network.hostIp}:${cluster.ports.apiServer}` : cluster.server;
    writePrivate(
      componentKubeconfig(paths, component),
      kubeconfig({ ...target, server }, component, pki[component]),
    );
  }
}
