import { ensureAssets, ensureTools, groups, type ToolName } from "../tools";
import type { DataPlane, Progress } from "./types";

type Program = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok";

export type ClusterTools = Readonly<Record<Program, string>> & {
  /** Folder of kwok's stages: what simulated nodes and pods go through. */
  readonly stages: string;
};

/** What a cluster and the pods on it run on. */
export function toolsOf(dataPlane: DataPlane): readonly ToolName[] {
  return dataPlane === "netns" ? [...groups.cluster, ...groups.dataplane] : groups.cluster;
}

/** Paths of the programs that a cluster consists of. Installs those that are missing, the pods' included. */
export async function clusterTools(dataPlane: DataPlane, progress: Progress): Promise<ClusterTools> {
  const [tools, assets] = await Promise.all([
    ensureTools(toolsOf(dataPlane), progress),
    ensureAssets(progress, ["kwok-stages", "istio-bootstrap"]),
  ]);
  const path = (name: ToolName) => tools.get(name)?.path ?? name;
  return {
    etcd: path("etcd"),
    "kube-apiserver": path("kube-apiserver"),
    "kube-controller-manager": path("kube-controller-manager"),
    "kube-scheduler": path("kube-scheduler"),
    kwok: path("kwok"),
    stages: assets.get("kwok-stages")?.path ?? "",
  };
}
