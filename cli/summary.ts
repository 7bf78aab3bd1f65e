import type { DeploymentConfig } from "../config";
import type { Engine } from "./engine";
import { describeProofs, proven, type ClusterProof } from "./proof";
import type { Standing, StandingPod } from "./standing";

/** What `up` has to say at its end. */
export interface Summary {
  readonly stack: string;
  readonly ok: boolean;
  readonly mesh: { readonly kind: string; readonly version: string };
  readonly mtls: string;
  readonly proofs: readonly ClusterProof[];
  readonly clusters: readonly Standing[];
  readonly state: string;
  readonly kubernetesProvider: string;
  /** What does not really run, in words; empty where everything does. */
  readonly simulated: readonly string[];
}

export interface SummaryParts {
  readonly config: DeploymentConfig;
  readonly engine: Pick<Engine, "home" | "stack" | "kubernetesProvider">;
  readonly clusters: readonly Standing[];
  readonly proofs: readonly ClusterProof[];
}

export function summarize({ config, engine, clusters, proofs }: SummaryParts): Summary {
  const { kind, version } = config.mesh;
  return {
    stack: engine.stack,
    ok: proven(proofs),
    mesh: { kind, version },
    mtls: config.intent.mtls.mode,
    proofs,
    clusters,
    state: engine.home.backendUrl,
    kubernetesProvider: engine.kubernetesProvider,
    simulated: clusters.flatMap(({ cluster, pods }) =>
      pods
        .filter((pod) => pod.simulated)
        .map((pod) => `${cluster}: pod ${pod.namespace}/${pod.name} is simulated, no process runs`),
    ),
  };
}

function podLine(pod: StandingPod): string {
  const state = pod.ready ? "ready" : "NOT READY";
  const how = pod.simulated ? `${state}, simulated` : state;
  return `  ${pod.namespace}/${pod.name}  ${pod.containers.join(" + ")}  (${how})`;
}

export function describeStanding(standing: Standing): string {
  const pods = [...standing.pods].sort((a, b) =>
    `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`),
  );
  return [
    `Cluster ${standing.cluster}: ${standing.kind}, Kubernetes ${standing.kubernetesVersion}`,
    ...pods.map(podLine),
  ].join("\n");
}

/** The proof first, then what stands, then where to look and how to change and remove it. */
export function describeSummary(summary: Summary, heading: (text: string) => string): string {
  const { mesh, stack } = summary;
  const option = stack === "local" ? "" : ` -- --stack ${stack}`;
  const simulated =
    summary.simulated.length === 0 ? "nothing" : `${summary.simulated.length} pods, marked above`;
  return [
    heading("Proof"),
    describeProofs(summary.proofs),
    "",
    heading("What stands"),
    `Mesh: ${mesh.kind} ${mesh.version}, mTLS ${summary.mtls}`,
    ...summary.clusters.map(describeStanding),
    `Simulated: ${simulated}`,
    `Kubernetes plugin of the engine: ${summary.kubernetesProvider}`,
    "",
    heading("From here"),
    `State: ${summary.state}`,
    ...summary.clusters.map((cluster) => `Look inside: export KUBECONFIG=${cluster.kubeconfig}`),
    ...(summary.ok ? [] : [`Undo changes made by hand: npm run up -- --refresh${option.replace(" --", "")}`]),
    `Change: edit the intent that stacks/config/Pulumi.${stack}.yaml names, then npm run up${option}`,
    `Remove: npm run down${option}`,
  ].join("\n");
}
