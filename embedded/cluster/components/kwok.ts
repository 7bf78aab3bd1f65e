import { join } from "node:path";
import type { ComponentSpec } from "../component";
import { SIMULATED_LABEL } from "../objects";
import { componentKubeconfig } from "../paths";
import type { Setup } from "../setup";

const STAGES = [
  "node/fast/node-initialize.yaml",
  // Not by leases: a kwok that starts again would wait until those of its predecessor run out.
  "node/heartbeat/node-heartbeat.yaml",
  "pod/fast/pod-ready.yaml",
  "pod/fast/pod-complete.yaml",
  "pod/fast/pod-delete.yaml",
];

export function kwok({ tools, paths, cluster }: Setup): ComponentSpec {
  const kubeconfig = componentKubeconfig(paths, "kwok");
  return {
    name: "kwok",
    file: tools.kwok,
    args: [
      `--kubeconfig=${kubeconfig}`,
      `--manage-nodes-with-label-selector=${SIMULATED_LABEL}=true`,
      `--cidr=${cluster.network.simulatedRange}`,
      ...STAGES.map((stage) => `--config=${join(tools.stages, stage)}`),
    ],
    env: {},
    inputs: [kubeconfig],
  };
}
