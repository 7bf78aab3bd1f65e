import type { DeploymentConfig } from "../config";
import type { Json } from "../lib";
import type { MeshPlan } from "../mesh/plan/types";
import type { ConfiguredCluster } from "../providers/types";

/** One cluster of the stack and what is deployed to it. */
export interface Deployment {
  readonly name: string;
  readonly cluster: ConfiguredCluster;
  readonly plan: MeshPlan;
}

/** What the stack says of itself, to people, to the CLI and to other stacks: by cluster where there are several. */
export function outputsOf(
  config: DeploymentConfig,
  deployments: readonly Deployment[],
): { [name: string]: Json } {
  const [only, ...more] = deployments.map((deployment) => outputsOfOne(config, deployment));
  if (only !== undefined && more.length === 0) return only;
  return Object.fromEntries(
    deployments.map((deployment) => [deployment.name, outputsOfOne(config, deployment)]),
  );
}

function outputsOfOne({ intent }: DeploymentConfig, { cluster, plan }: Deployment): { [name: string]: Json } {
  const { kind, version, mode } = plan.mesh;
  return {
    ...plan.outputs,
    mesh: kind,
    version,
    mode,
    services: intent.services.map(({ key }) => key),
    namespaces: [...new Set(intent.services.map(({ namespace }) => namespace))],
    cluster: { kind: cluster.kind, kubernetesVersion: cluster.features.kubernetesVersion },
    simulated: cluster.features.proxy === "none" ? ["pods, and with them the data plane"] : [],
  };
}
