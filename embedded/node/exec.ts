import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeDir, podFolder, podsFolder, runningPodsFile } from "./paths";
import type { RunResult } from "./run";
import { observe } from "./sandbox/container";
import { execInContainer } from "./sandbox/exec";
import type { PodRecord } from "./sandbox/records";
import type { Identity } from "./sandbox/root-script";
import type { RunningPod } from "./types";

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

export interface PodCommand {
  readonly argv: readonly string[];
  /** Default: the pod's first container, or the one its annotation `kubectl.kubernetes.io/default-container` names. */
  readonly container?: string;
  /** Default: the container's own user, so that a sidecar captures what the command sends. */
  readonly uid?: number;
  readonly input?: string;
  /** Default 30 s; then the command is killed and its code is 124. */
  readonly timeoutMs?: number;
}

/** As whom and with what environment a container runs: `who.json` in the folder of its run. */
export interface ContainerUser extends Identity {
  readonly env: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_MS = 30_000;

function folderOf(cluster: string, pod: PodName): { readonly folder: string; readonly record: PodRecord } {
  const node = nodeDir(cluster);
  for (const uid of existsSync(podsFolder(node)) ? readdirSync(podsFolder(node)) : []) {
    const folder = podFolder(node, uid);
    if (!existsSync(join(folder, "pod.json"))) continue;
    const record = JSON.parse(readFileSync(join(folder, "pod.json"), "utf8")) as PodRecord;
    if (record.namespace === pod.namespace && record.name === pod.name) return { folder, record };
  }
  throw new Error(`pod ${pod.namespace}/${pod.name} does not run as processes on cluster ${cluster}`);
}

/** Runs a command in a container of a pod of the process node, as the container's own process would: its network, files and user. */
export async function execInPod(cluster: string, pod: PodName, command: PodCommand): Promise<RunResult> {
  const { folder, record } = folderOf(cluster, pod);
  const container = command.container ?? record.container;
  const runs = join(folder, "containers", container);
  const latest = existsSync(runs) ? Math.max(...readdirSync(runs).map(Number)) : -1;
  const run = latest < 0 ? undefined : observe(join(runs, String(latest)));
  if (run?.state !== "running") {
    throw new Error(`container ${container} of pod ${pod.namespace}/${pod.name} is not running`);
  }
  const user = JSON.parse(readFileSync(join(runs, String(latest), "who.json"), "utf8")) as ContainerUser;
  return execInContainer(run.pid, {
    who: command.uid === undefined ? user : { ...user, uid: command.uid, gid: command.uid },
    env: user.env,
    argv: command.argv,
    timeoutMs: command.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    ...(command.input === undefined ? {} : { input: command.input }),
  });
}

/** The pods that run on the cluster's process node now, by `namespace/name`. */
export function runningPods(cluster: string): Readonly<Record<string, RunningPod>> {
  const file = runningPodsFile(nodeDir(cluster));
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, RunningPod>) : {};
}

/** Where this machine reaches a port of a pod: the pod's own address, or with the data plane `host` one on loopback. */
export function reachPod(
  cluster: string,
  pod: PodName,
  port: number,
): { readonly host: string; readonly port: number } {
  const running = runningPods(cluster)[`${pod.namespace}/${pod.name}`];
  if (running === undefined) {
    throw new Error(`pod ${pod.namespace}/${pod.name} does not run as processes on cluster ${cluster}`);
  }
  return { host: running.host, port: running.ports[String(port)] ?? port };
}
