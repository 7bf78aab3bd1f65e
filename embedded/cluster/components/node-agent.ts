import { join, resolve } from "node:path";
import { stateDir } from "../../home";
import type { ComponentSpec } from "../component";
import { componentKubeconfig } from "../paths";
import type { Setup } from "../setup";

const MAIN = join(__dirname, "..", "..", "node", "main.ts");

/** The kubelet of the process node; with data plane `host` it runs istiod alone. */
export function nodeAgent({ paths, cluster }: Setup): ComponentSpec {
  const kubeconfig = componentKubeconfig(paths, "node-agent");
  return {
    name: "node-agent",
    file: process.execPath,
    args: ["--require", require.resolve("tsx/cjs"), MAIN, cluster.name],
    env: { KUBECONFIG: kubeconfig, MESHWRIGHT_HOME: resolve(stateDir()) },
    inputs: [kubeconfig, paths.kubeconfig, paths.state],
  };
}
