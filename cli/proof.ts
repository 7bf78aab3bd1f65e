import { planMesh } from "../components/plan";
import type { DeploymentConfig } from "../config";
import { found } from "../lib";
import { formatReport, verify, type VerificationReport } from "../verify";
import { exitCode, UserError } from "./exit";
import { faults } from "./load";
import type { Output } from "./output";

/** The proof of one cluster of a stack. */
export interface ClusterProof {
  readonly cluster: string;
  readonly report: VerificationReport;
}

/** Verifies every cluster of a stack against the plan that its config makes. Changes nothing. */
export async function prove(config: DeploymentConfig, output: Output): Promise<readonly ClusterProof[]> {
  const proofs: ClusterProof[] = [];
  for (const [name, cluster] of Object.entries(config.clusters)) {
    if (cluster.access === undefined) {
      throw new UserError(
        `cluster ${name} cannot be verified: how to reach it is known at deploy time only`,
        "give its kubeconfig as a `path`",
        exitCode.failed,
      );
    }
    const planned = await planMesh({ ...config, features: cluster.features });
    if (!planned.ok) throw faults(config.locate(found(planned)));
    const request = { cluster: cluster.access, intent: config.intent, plan: planned.value };
    proofs.push({ cluster: name, report: await verify(request, output.progress) });
  }
  return proofs;
}

export function proven(proofs: readonly ClusterProof[]): boolean {
  return proofs.every(({ report }) => report.ok);
}

export function describeProofs(proofs: readonly ClusterProof[]): string {
  return proofs
    .map(({ cluster, report }) => (proofs.length > 1 ? `Cluster ${cluster}\n` : "") + formatReport(report))
    .join("\n\n");
}
