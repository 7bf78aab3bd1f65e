import { mkdirSync } from "node:fs";
import { connectionOf, KubeClient, loadKubeconfig } from "../../kube";
import { componentKubeconfig, clusterPaths } from "../cluster/paths";
import { readCluster } from "../cluster/read";
import type { EmbeddedCluster } from "../cluster/types";
import { Agent } from "./agent";
import { Directory, serveClusterDns } from "./cluster-dns";
import { Events } from "./events";
import { filterNodes, startExtender } from "./extender";
import { forward } from "./forward";
import { catalogueOf, hostCatalogueOf, unknownImages } from "./images";
import { imageSources, toolPath } from "./image-sources";
import { keepKubeProxy } from "./kube-proxy";
import { createNodeNetwork } from "./network";
import { heartbeat, processNodeName } from "./node-object";
import { PodObjects } from "./objects";
import { nodeDir } from "./paths";
import { hostPlane } from "./sandbox/host-plane";
import { netnsPlane } from "./sandbox/netns-plane";
import type { Plane } from "./sandbox/plane";
import { PodTokens } from "./tokens";

/** Port of istiod's webhooks within its pod. */
const WEBHOOK_PORT = 15017;

const clientOf = (kubeconfig: string): KubeClient => new KubeClient(connectionOf(loadKubeconfig(kubeconfig)));

/** The node's network with what serves in it: kube-proxy and DNS. */
async function openNetns(
  cluster: EmbeddedCluster,
  dns: { readonly admin: KubeClient; readonly directory: Directory },
  signal: AbortSignal,
): Promise<Plane> {
  const folder = nodeDir(cluster.name);
  const network = await createNodeNetwork(cluster);
  const kubeconfig = componentKubeconfig(clusterPaths(cluster.name), "kube-proxy");
  const proxy = { program: toolPath("kube-proxy"), kubeconfig, node: processNodeName(cluster.name), folder };
  keepKubeProxy(network, proxy, signal).catch((error: Error) =>
    console.error(`kube-proxy: ${error.message}`),
  );
  await serveClusterDns(dns.admin, () => dns.directory.zone(), network);
  return netnsPlane(folder, network);
}

async function work(cluster: EmbeddedCluster, signal: AbortSignal): Promise<void> {
  const node = processNodeName(cluster.name);
  const folder = nodeDir(cluster.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const onHost = cluster.dataPlane === "host";
  const images = onHost ? hostCatalogueOf(imageSources) : catalogueOf(imageSources);
  await startExtender(cluster.ports.extender, (args) =>
    filterNodes(args, node, (pod) => unknownImages(pod, images)),
  );
  const client = clientOf(componentKubeconfig(clusterPaths(cluster.name), "node-agent"));
  // A node may not read EndpointSlices nor make Services: cluster DNS is the administrator's.
  const admin = clientOf(cluster.kubeconfig);
  const directory = new Directory(admin);
  await directory.start(signal);
  const plane = onHost
    ? hostPlane(folder, cluster.network, cluster.server)
    : await openNetns(cluster, { admin, directory }, signal);
  const facts = {
    name: node,
    internalIp: plane.hostIp,
    kubernetesVersion: cluster.kubernetesVersion,
    logsPort: 0,
  };
  void heartbeat(client, facts, signal);
  const parts = {
    ...{ node, folder, client, plane, images },
    objects: new PodObjects(client),
    tokens: new PodTokens(client),
    events: new Events(client, node),
    services: () => directory.services,
  };
  const agent = new Agent(parts, signal);
  if (onHost) await forward(cluster.ports.webhook, () => agent.addresses(WEBHOOK_PORT));
  console.log("ready");
  await agent.work();
}

function main(): void {
  const name = process.argv[2];
  const cluster = name === undefined ? undefined : readCluster(name);
  if (cluster === undefined) {
    console.error(
      name === undefined ? "usage: main.ts <cluster>" : `there is no cluster ${name} here: start it first`,
    );
    process.exit(2);
  }
  const stop = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort());
  work(cluster, stop.signal)
    .then(() => process.exit(0))
    .catch((error: Error) => {
      console.error(error.message);
      process.exit(stop.signal.aborted ? 0 : 1);
    });
}

main();
