import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

export type ClusterTool = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok";
export type ClusterTools = Readonly<Record<ClusterTool, string>> & { readonly stages: string };

const NAMES: readonly ClusterTool[] = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"];

/** Paths of the programs that a cluster consists of. Throws naming all that are missing. */
export function requireTools(): ClusterTools {
  const found = NAMES.map((name) => [name, onPath(name)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name);
  if (missing.length > 0) {
    throw new Error(`missing to run a cluster: ${missing.join(", ")}. Install them: meshwright doctor --install`);
  }
  return {
    ...(Object.fromEntries(found) as Record<ClusterTool, string>),
    stages: join(process.env["HOME"] ?? "/root", "go/pkg/mod/sigs.k8s.io/kwok@v0.8.0/kustomize/stage"),
  };
}

function onPath(name: string): string | undefined {
  for (const dir of (process.env["PATH"] ?? "").split(delimiter)) {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return join(dir, name);
    } catch {
      continue;
    }
  }
  return undefined;
}
