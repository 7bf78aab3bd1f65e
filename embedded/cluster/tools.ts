import { ensureAssets, ensureTools, type ToolName } from "../tools";
import type { Progress } from "./types";

const NAMES = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"] as const;
export type ClusterTools = Readonly<Record<(typeof NAMES)[number], string>> & {
  /** Folder of kwok's stages: what simulated nodes and pods go through. */
  readonly stages: string;
};

/** Paths of the programs that a cluster consists of. Installs those that are missing. */
export async function clusterTools(progress: Progress): Promise<ClusterTools> {
  const [tools, assets] = await Promise.all([
    ensureTools(NAMES, progress),
    ensureAssets(progress, ["kwok-stages"]),
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
