import { join, resolve } from "node:path";
import { clusterDir, stateDir } from "../home";
import type { ComponentName } from "./types";

/** Where a cluster's parts lie. Everything is below `root`, which only its owner may enter. */
export interface ClusterPaths {
  readonly root: string;
  readonly state: string;
  readonly kubeconfig: string;
  readonly pki: string;
  readonly config: string;
  readonly run: string;
  readonly logs: string;
  readonly etcd: string;
}

export function clusterPaths(name: string): ClusterPaths {
  const root = resolve(clusterDir(name));
  return {
    root,
    state: join(root, "cluster.json"),
    kubeconfig: join(root, "kubeconfig"),
    pki: join(root, "pki"),
    config: join(root, "config"),
    run: join(root, "run"),
    logs: join(root, "logs"),
    etcd: join(root, "etcd"),
  };
}

export function logFile(paths: ClusterPaths, component: ComponentName): string {
  return join(paths.logs, `${component}.log`);
}

/** The kubeconfig by which a component (not a person) reaches the API server. */
export function componentKubeconfig(paths: ClusterPaths, component: ComponentName | "kube-proxy"): string {
  return join(paths.config, `${component}.kubeconfig`);
}

export function clustersDir(): string {
  return join(stateDir(), "clusters");
}
