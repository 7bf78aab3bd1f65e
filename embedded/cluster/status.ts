import { existsSync } from "node:fs";
import { running } from "./component";
import { clusterPaths, logFile } from "./paths";
import { residentBytes } from "./process";
import { readCluster } from "./read";
import { checkName } from "./state";
import type { ClusterStatus, ComponentName, ComponentStatus } from "./types";

const COMPONENTS: readonly ComponentName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
  "node-agent",
];

/** What of the cluster runs now. Throws where its state cannot be read. */
export function clusterStatus(name: string): ClusterStatus {
  checkName(name);
  if (!existsSync(clusterPaths(name).root)) return { name, state: "absent", components: [] };
  const cluster = readCluster(name);
  const components = COMPONENTS.map((component) => componentStatus(name, component));
  const alive = components.filter((component) => component.state === "running").length;
  const state = alive === 0 ? "stopped" : alive === components.length ? "running" : "partly";
  return { name, state, components, ...(cluster && { cluster }) };
}

function componentStatus(cluster: string, name: ComponentName): ComponentStatus {
  const paths = clusterPaths(cluster);
  const process = running(paths, name);
  const log = logFile(paths, name);
  if (!process) return { name, state: "stopped", log };
  const resident = residentBytes(process.pid);
  return {
    name,
    state: "running",
    pid: process.pid,
    log,
    ...(resident !== undefined && { residentBytes: resident }),
  };
}
