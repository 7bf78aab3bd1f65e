import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { NodeNetwork } from "./addresses";
import { inNodeNetwork } from "./network";
import { signal, startTicks } from "./processes";
import { systemEnv } from "./run";

export interface KubeProxy {
  readonly program: string;
  /** Its own kubeconfig; a server on loopback is reached at the host's end of the link instead. */
  readonly kubeconfig: string;
  readonly node: string;
  /** The node's folder on disk. */
  readonly folder: string;
}

/** KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1). */
function configuration(network: NodeNetwork, proxy: KubeProxy): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: join(proxy.folder, "kube-proxy.kubeconfig") },
    mode: "iptables",
    clusterCIDR: network.podCidr,
    hostnameOverride: proxy.node,
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
    iptables: { localhostNodePorts: false, minSyncPeriod: "100ms", syncPeriod: "30s" },
    // The node's namespace may not tune connection tracking where /proc/sys is read-only, and need not.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}

/** Ends the kube-proxy of an agent that was killed. */
function endEarlier(folder: string): void {
  try {
    const [pid = "", ticks = ""] = readFileSync(join(folder, "kube-proxy.pid"), "utf8").split(" ");
    if (ticks !== "" && startTicks(Number(pid)) === ticks) signal(Number(pid), "SIGKILL");
  } catch {
    // there was none
  }
}

/** Keeps kube-proxy running in the node's network namespace until the signal fires, then ends it. Its rules stay. */
export async function keepKubeProxy(
  network: NodeNetwork,
  proxy: KubeProxy,
  until: AbortSignal,
): Promise<void> {
  const text = readFileSync(proxy.kubeconfig, "utf8");
  const reachable = text.replace(/https:\/\/(127\.0\.0\.1|localhost):/g, `https://${network.hostIp}:`);
  writeFileSync(join(proxy.folder, "kube-proxy.kubeconfig"), reachable, { mode: 0o600 });
  const config = join(proxy.folder, "kube-proxy.json");
  writeFileSync(config, JSON.stringify(configuration(network, proxy), undefined, 2), { mode: 0o600 });
  endEarlier(proxy.folder);
  const [program = "", ...args] = inNodeNetwork(network, [proxy.program, `--config=${config}`]);
  while (!until.aborted) {
    const log = openSync(join(proxy.folder, "kube-proxy.log"), "w", 0o600);
    const child: ChildProcess = spawn(program, args, {
      env: { ...systemEnv(), GOGC: "50" },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    const ended = new Promise<void>((resolve) =>
      child.once("exit", () => resolve()).once("error", () => resolve()),
    );
    if (child.pid !== undefined) {
      writeFileSync(join(proxy.folder, "kube-proxy.pid"), `${child.pid} ${startTicks(child.pid) ?? ""}`);
    }
    const stop = (): void => void child.kill("SIGKILL");
    until.addEventListener("abort", stop, { once: true });
    await ended;
    until.removeEventListener("abort", stop);
    if (!until.aborted) {
      console.error(`kube-proxy ended, see ${join(proxy.folder, "kube-proxy.log")}; it is started again`);
      await sleep(1000);
    }
  }
}
