import { existsSync, rmSync } from "node:fs";
import { deleteNodeNetwork } from "../node/network";
import { halt, sweep } from "./component";
import { withLock } from "./lock";
import { clusterPaths } from "./paths";
import { clusterLock } from "./start";
import { checkName } from "./state";
import type { ComponentName, Progress } from "./types";

/** Those that use the API server end before it, and it ends before its database. */
const STOP_ORDER: readonly (readonly ComponentName[])[] = [
  ["node-agent", "kwok", "kube-scheduler", "kube-controller-manager"],
  ["kube-apiserver"],
  ["etcd"],
];

/** Ends the cluster's processes and keeps its data. Does nothing where there is no such cluster. */
export async function stopCluster(name: string, progress: Progress = () => undefined): Promise<void> {
  checkName(name);
  if (!existsSync(clusterPaths(name).root)) return;
  await withLock(clusterLock(name, progress), () => stopAll(name));
}

/** Ends the cluster and removes all that there is of it, half-made or spoilt as it may be. */
export async function deleteCluster(name: string, progress: Progress = () => undefined): Promise<void> {
  checkName(name);
  const { root } = clusterPaths(name);
  if (!existsSync(root)) return;
  await withLock(clusterLock(name, progress), async () => {
    await stopAll(name);
    rmSync(root, { recursive: true, force: true });
  });
}

async function stopAll(name: string): Promise<void> {
  const paths = clusterPaths(name);
  for (const group of STOP_ORDER) await Promise.all(group.map((component) => halt(paths, component)));
  await sweep(paths, STOP_ORDER.flat());
  await deleteNodeNetwork({ name });
}
