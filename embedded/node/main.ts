import { mkdirSync } from "node:fs";
import { connectionOf, KubeClient, loadKubeconfig } from "../../kube";
import { componentKubeconfig, clusterPaths } from "../cluster/paths";
import { readCluster } from "../cluster/read";
import type { EmbeddedCluster } from "../cluster/types";
import { Agent } from "./agent";
import { Directory, serveClusterDns } from "./cluster-dns";
import { Events } from "./events";
import { filterNodes, startExtender } from "./extender";
import { unknownImages } from "./images";
import { imageSources, toolPath } from "./image-sources";
import { keepKubeProxy } from "./kube-proxy";
import { createNodeNetwork } from "./network";
import { heartbeat } from "./node-object";
import { PodObjects } from "./objects";
import { nodeDir } from "./paths";
import { netnsPlane } from "./sandbox/netns-plane";
import { PodTokens } from "./tokens";

const clientOf = (kubeconfig: string): KubeClient => new KubeClient(connectionOf(loadKubeconfig(kubeconfig)));

async function work(cluster: EmbeddedCluster, signal: AbortSignal): Promise<void> {
  const node = `${cluster.name}-process-0`;
  const folder = nodeDir(cluster.name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await startExtender(cluster.ports.extender, (args) => filterNodes(args, node, (pod) => unknownImages(pod, imageSources)));
  const network = await createNodeNetwork(cluster);
  const client = clientOf(process.env["KUBECONFIG"] ?? componentKubeconfig(clusterPaths(cluster.name), "node-agent"));
  // A node may not read EndpointSlices nor make Services: cluster DNS is the administrator's.
  const admin = clientOf(cluster.kubeconfig);
  const directory = new Directory(admin);
  const proxy = { program: toolPath("kube-proxy"), kubeconfig: componentKubeconfig(clusterPaths(cluster.name), "kube-proxy") };
  void keepKubeProxy(network, { ...proxy, node, folder }, signal);
  await directory.start(signal);
  await serveClusterDns(admin, () => directory.zone(), network);
  const facts = { name: node, internalIp: network.nodeIp, kubernetesVersion: cluster.kubernetesVersion, logsPort: 0 };
  void heartbeat(client, facts, signal);
  const agent = new Agent(
    {
      node,
      folder,
      client,
      plane: netnsPlane(folder, network),
      images: imageSources,
      objects: new PodObjects(client),
      tokens: new PodTokens(client),
      events: new Events(client, node),
      services: () => directory.services,
    },
    signal,
  );
  console.log("ready");
  await agent.work();
}

function main(): void {
  const name = process.argv[2];
  const cluster = name === undefined ? undefined : readCluster(name);
  if (cluster === undefined) {
    console.error(name === undefined ? "usage: main.ts <cluster>" : `there is no cluster ${name} here: start it first`);
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
