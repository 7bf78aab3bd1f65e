import { gatewayIp, nodeNetns, prefixLength, type NetworkPlan } from "./addresses";
import { nodeDir } from "./paths";
import { killProcessesIn } from "./processes";
import { run, tryRun } from "./run";

/** What the link says about whose it is: two users, or two state folders, must not tear down each other's. */
const ownerMark = (plan: NetworkPlan): string => `meshwright ${nodeDir(plan.name)}`.slice(0, 255);

async function linkOwner(plan: NetworkPlan): Promise<string | undefined> {
  const { code, stdout } = await tryRun(["ip", "-j", "link", "show", "dev", nodeNetns(plan)]);
  if (code !== 0) return undefined;
  const [link] = JSON.parse(stdout) as { ifalias?: string }[];
  return link?.ifalias ?? "";
}

async function namespaces(plan: NetworkPlan): Promise<string[]> {
  const all = (await run(["ip", "netns", "list"])).split("\n").map((line) => line.split(" ")[0] ?? "");
  return all.filter((name) => name === nodeNetns(plan) || name.startsWith(`${nodeNetns(plan)}-`));
}

/** Takes the name; what a killed start of this same cluster left behind is taken over. */
async function claim(plan: NetworkPlan): Promise<void> {
  const name = nodeNetns(plan);
  const owner = await linkOwner(plan);
  if (owner === ownerMark(plan)) return;
  if (owner !== undefined && owner !== "") {
    throw new Error(
      `the network ${name} (${plan.podCidr}) belongs to another cluster: ${owner}; ` +
        `delete that one, or delete this cluster and start it anew: it then takes other addresses`,
    );
  }
  const added = await tryRun(["ip", "netns", "add", name]);
  if (added.code !== 0 && !/exists/i.test(added.stderr)) {
    throw new Error(`cannot make a network namespace: ${added.stderr.trim()}; the data plane "netns" needs root on Linux`);
  }
}

/** What the node's namespace holds: forwarding, the bridge of the pods, and "unreachable" for what nobody answers. */
async function furnish(plan: NetworkPlan): Promise<void> {
  const { nodeAddress, hostAddress, linkCidr, processCidr } = plan.network;
  const inside = `set -e
    cd /proc/sys/net/ipv4
    echo 1 > ip_forward
    for all in all default; do echo 0 > conf/$all/rp_filter; echo 0 > conf/$all/send_redirects; done
    ip link set lo up
    ip link show dev pods > /dev/null 2>&1 || ip link add pods type bridge
    ip address replace ${gatewayIp(plan)}/${prefixLength(processCidr)} dev pods
    ip link set pods up
    ip address replace ${nodeAddress}/${prefixLength(linkCidr)} dev uplink
    ip link set uplink up
    ip route replace default via ${hostAddress}
    ip route replace unreachable ${plan.podCidr}
    ip route replace unreachable ${plan.serviceCidr}`;
  await run(["ip", "netns", "exec", nodeNetns(plan), "sh", "-c", inside]);
}

/**
 * Makes the cluster's node network, or completes it: a network namespace with the pods' bridge, one link to the host,
 * two routes on the host. Needs root on Linux. Idempotent.
 */
export async function createNodeNetwork(plan: NetworkPlan): Promise<void> {
  await claim(plan);
  const name = nodeNetns(plan);
  if ((await linkOwner(plan)) === undefined) {
    await run(["ip", "link", "add", name, "type", "veth", "peer", "name", "uplink", "netns", name]);
  }
  await run(["ip", "link", "set", name, "alias", ownerMark(plan)]);
  const { hostAddress, nodeAddress, linkCidr } = plan.network;
  await run(["ip", "address", "replace", `${hostAddress}/${prefixLength(linkCidr)}`, "dev", name]);
  await run(["ip", "link", "set", name, "up"]);
  await furnish(plan);
  for (const range of [plan.podCidr, plan.serviceCidr]) {
    await run(["ip", "route", "replace", range, "via", nodeAddress, "dev", name]);
  }
}

/** Ends every process in the cluster's namespaces and removes them, the link and its routes. Idempotent. */
export async function deleteNodeNetwork(plan: NetworkPlan): Promise<void> {
  const owner = await linkOwner(plan);
  if (owner !== undefined && owner !== "" && owner !== ownerMark(plan)) return;
  const own = await namespaces(plan);
  await Promise.all(own.map((name) => killProcessesIn(name)));
  await tryRun(["ip", "link", "delete", nodeNetns(plan)]);
  await Promise.all(own.map((name) => tryRun(["ip", "netns", "delete", name])));
}

/** The command line by which a program runs in the node's namespace. */
export function inNodeNetwork(plan: NetworkPlan, program: string, args: readonly string[]): readonly string[] {
  return ["nsenter", `--net=/run/netns/${nodeNetns(plan)}`, "--", program, ...args];
}

/** Configuration (kubeproxy.config.k8s.io/v1alpha1) of the kube-proxy that runs there: write it as JSON, `--config <file>`. */
export function kubeProxyConfig(plan: NetworkPlan, kubeconfig: string): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig },
    mode: "iptables",
    clusterCIDR: plan.podCidr,
    hostnameOverride: `${plan.name}-process-0`,
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
    iptables: { localhostNodePorts: false, minSyncPeriod: "0s", syncPeriod: "30s" },
    // The node's namespace may not tune connection tracking where /proc/sys is read-only; the defaults do.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}

