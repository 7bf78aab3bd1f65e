import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BLOCK_COUNT, blockOf, networkOf, overlaps, type NodeNetwork } from "./addresses";
import { nodeDir, podsFolder } from "./paths";
import { killProcessesIn } from "./processes";
import { run, tryRun } from "./run";
import { killContainer, runFolders } from "./sandbox/container";

export interface ClusterName {
  readonly name: string;
}

const networkFile = (cluster: ClusterName): string => join(nodeDir(cluster.name), "network.json");

/** The network the cluster has (or had before a stop), without looking whether it is up. */
export function readNodeNetwork(cluster: ClusterName): NodeNetwork | undefined {
  const file = networkFile(cluster);
  if (!existsSync(file)) return undefined;
  return networkOf((JSON.parse(readFileSync(file, "utf8")) as { index: number }).index);
}

function remember(cluster: ClusterName, network: NodeNetwork): void {
  const file = networkFile(cluster);
  mkdirSync(nodeDir(cluster.name), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(network, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** What a link says about whose it is: two users, or two state folders, must not tear down each other's. */
const ownerOf = (cluster: ClusterName): string => `meshwright ${nodeDir(cluster.name)}`.slice(0, 255);

async function linkOwner(network: NodeNetwork): Promise<string | undefined> {
  const { code, stdout } = await tryRun(["ip", "-j", "link", "show", "dev", network.name]);
  if (code !== 0) return undefined;
  const [link] = JSON.parse(stdout) as { ifalias?: string }[];
  return link?.ifalias ?? "";
}

/** Every IPv4 range the host knows: its addresses and its routes, default routes apart. */
async function hostRanges(): Promise<string[]> {
  const addresses = JSON.parse(await run(["ip", "-j", "-4", "address"])) as {
    ifname: string;
    addr_info: { local: string; prefixlen: number }[];
  }[];
  const routes = JSON.parse(await run(["ip", "-j", "-4", "route", "show", "table", "all"])) as {
    dst: string;
  }[];
  return [
    ...addresses.flatMap((link) => link.addr_info.map((a) => `${a.local}/${a.prefixlen}`)),
    ...routes.map((route) => route.dst).filter((dst) => /^\d/.test(dst)),
  ];
}

/** Takes the first block that nothing on the host overlaps; making the namespace is what claims it. */
async function claim(cluster: ClusterName): Promise<NodeNetwork> {
  const taken = await hostRanges();
  for (let index = 0; index < BLOCK_COUNT; index++) {
    if (taken.some((range) => overlaps(range, `${blockOf(index)}.0.0/16`))) continue;
    const network = networkOf(index);
    remember(cluster, network);
    const added = await tryRun(["ip", "netns", "add", network.name]);
    if (added.code === 0) return network;
    if (!/exists/i.test(added.stderr)) {
      throw new Error(
        `cannot make a network namespace: ${added.stderr.trim()}; the data plane "netns" needs root on Linux`,
      );
    }
  }
  throw new Error(
    `no free /16 for the cluster's pods and services: routes of this host overlap ${blockOf(0)}.0.0 to ` +
      `${blockOf(BLOCK_COUNT - 1)}.255.255 entirely (${taken.join(", ")}); remove one (a VPN?) or use the data plane "host"`,
  );
}

/** A cluster that was stopped keeps its block, as its Services keep their addresses. */
async function reclaim(cluster: ClusterName, network: NodeNetwork): Promise<void> {
  const owner = await linkOwner(network);
  if (owner === ownerOf(cluster)) return;
  const clash = (await hostRanges()).find((range) => overlaps(range, `${blockOf(network.index)}.0.0/16`));
  if (owner !== undefined || clash !== undefined) {
    throw new Error(
      `cluster ${cluster.name} used the addresses ${blockOf(network.index)}.0.0/16, now taken on this host by ` +
        `${owner ?? clash}; free them, or delete the cluster and start it anew`,
    );
  }
  await tryRun(["ip", "netns", "add", network.name]);
}

/** What the node's namespace holds: forwarding, and "unreachable" for what nobody answers. */
async function furnish(network: NodeNetwork): Promise<void> {
  const inside = `set -e
    cd /proc/sys/net/ipv4
    echo 1 > ip_forward
    for all in all default; do echo 0 > conf/$all/rp_filter; echo 0 > conf/$all/send_redirects; done
    ip link set lo up
    ip address replace ${network.nodeIp}/30 dev uplink
    ip link set uplink up
    ip route replace default via ${network.hostIp}
    ip route replace unreachable ${network.podCidr}
    ip route replace unreachable ${network.serviceCidr}`;
  await run(["ip", "netns", "exec", network.name, "sh", "-c", inside]);
}

async function link(cluster: ClusterName, network: NodeNetwork): Promise<void> {
  const { name, hostIp, nodeIp } = network;
  if ((await linkOwner(network)) === undefined) {
    await run(["ip", "link", "add", name, "type", "veth", "peer", "name", "uplink", "netns", name]);
  }
  await run(["ip", "link", "set", name, "alias", ownerOf(cluster)]);
  await run(["ip", "address", "replace", `${hostIp}/30`, "dev", name]);
  await run(["ip", "link", "set", name, "up"]);
  await furnish(network);
  for (const range of [network.podCidr, network.serviceCidr]) {
    await run(["ip", "route", "replace", range, "via", nodeIp, "dev", name]);
  }
}

/**
 * Makes the cluster's node network, or completes it: a network namespace that routes for the pods, one link to
 * the host, two routes on the host. Needs root on Linux. Idempotent; the same cluster always gets the same addresses.
 */
export async function createNodeNetwork(cluster: ClusterName): Promise<NodeNetwork> {
  const known = readNodeNetwork(cluster);
  if (known !== undefined) await reclaim(cluster, known);
  const network = known ?? (await claim(cluster));
  await link(cluster, network);
  return network;
}

/** Ends every process of the cluster's node, and removes its namespaces, the link and the routes, where it has them. Idempotent. */
export async function deleteNodeNetwork(cluster: ClusterName): Promise<void> {
  const pods = podsFolder(nodeDir(cluster.name));
  const folders = existsSync(pods) ? readdirSync(pods).map((uid) => join(pods, uid)) : [];
  await Promise.all(folders.flatMap(runFolders).map((run) => killContainer(run)));
  const network = readNodeNetwork(cluster);
  if (network === undefined) return;
  const owner = await linkOwner(network);
  if (owner !== undefined && owner !== "" && owner !== ownerOf(cluster)) return;
  const all = (await run(["ip", "netns", "list"])).split("\n").map((line) => line.split(" ")[0] ?? "");
  const own = all.filter((name) => name === network.name || name.startsWith(`${network.name}-`));
  await Promise.all(own.map((name) => killProcessesIn(name)));
  await tryRun(["ip", "link", "delete", network.name]);
  await Promise.all(own.map((name) => tryRun(["ip", "netns", "delete", name])));
}

/** The command line by which a program runs in the node's namespace. */
export function inNodeNetwork(network: NodeNetwork, argv: readonly string[]): readonly string[] {
  return ["nsenter", `--net=/run/netns/${network.name}`, "--", ...argv];
}
