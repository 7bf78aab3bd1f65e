import { podIp, podNetns, type NodeNetwork } from "../addresses";
import { killProcessesIn } from "../processes";
import { run, tryRun } from "../run";

/** Settings that a pod may make for its own network namespace. */
export type Sysctls = readonly { readonly name: string; readonly value: string }[];

// As container runtimes do: an unprivileged server, a gateway for instance, may listen on port 80 of its own address.
const DEFAULTS: Sysctls = [
  { name: "net.ipv4.ip_unprivileged_port_start", value: "0" },
  { name: "net.ipv4.ping_group_range", value: "0 2147483647" },
];

/**
 * Makes the namespace of pod number `pod` with its address, on a link of its own to the node. No bridge: every packet,
 * to the pod next door and back to the pod itself too, is routed by the node, which translates Services' addresses.
 */
export async function createPodNetwork(network: NodeNetwork, pod: number, sysctls: Sysctls): Promise<void> {
  const name = podNetns(network, pod);
  const { name: node, gatewayIp: gateway } = network;
  await deletePodNetwork(network, pod);
  await run(["ip", "netns", "add", name]);
  await run([
    "ip",
    "link",
    "add",
    `p${pod}`,
    "netns",
    node,
    "type",
    "veth",
    "peer",
    "name",
    "eth0",
    "netns",
    name,
  ]);
  await run(["ip", "-n", node, "address", "add", `${gateway}/32`, "dev", `p${pod}`]);
  await run(["ip", "-n", node, "link", "set", `p${pod}`, "up"]);
  await run(["ip", "-n", node, "route", "add", `${podIp(network, pod)}/32`, "dev", `p${pod}`]);
  const settings = [...DEFAULTS, ...sysctls].map(({ name: key, value }) => {
    if (!/^net\.[a-z0-9_.]+$/.test(key) || !/^[\w ]+$/.test(value)) {
      throw new Error(`sysctl ${key}=${value} is not one that a pod may set: only net.* can be`);
    }
    return `echo "${value}" > /proc/sys/${key.replaceAll(".", "/")}`;
  });
  const inside = `set -e
    ip link set lo up
    ip address add ${podIp(network, pod)}/32 dev eth0
    ip link set eth0 up
    ip route add ${gateway} dev eth0
    ip route add default via ${gateway}
    ${settings.join("\n")}`;
  await run(["ip", "netns", "exec", name, "sh", "-c", inside]);
}

/** Ends what runs in the namespace and removes it. Idempotent. */
export async function deletePodNetwork(network: NodeNetwork, pod: number): Promise<void> {
  const name = podNetns(network, pod);
  await killProcessesIn(name);
  await tryRun(["ip", "-n", network.name, "link", "delete", `p${pod}`]);
  await tryRun(["ip", "netns", "delete", name]);
}
