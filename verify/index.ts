import { connectionOf, KubeClient, loadKubeconfig } from "../kube";
import type { EmbeddedCluster } from "../embedded/cluster/types";
import type { NormalizedIntent } from "../mesh/intent/types";
import type { MeshPlan } from "../mesh/plan/types";
import { analyzers } from "./analyzers";
import { expectedOf } from "./expected";
import { reachEmbedded, type Reachable } from "./reach";
import { reportOf, type VerificationReport, type VerifiedCheck } from "./report";
import { settled } from "./settle";
import { traffic, trafficSkipped, type TrafficRequest } from "./traffic";
import type { Expected } from "./types";

export { formatReport, type VerificationReport, type VerifiedCheck } from "./report";

/** Takes one line of progress at a time. */
export type Progress = (line: string) => void;

/** The cluster to be verified: one of this machine, or any other by its kubeconfig. */
export type VerifiedCluster =
  | { readonly kind: "embedded"; readonly cluster: EmbeddedCluster }
  | { readonly kind: "kubeconfig"; readonly path: string; readonly context?: string };

export interface VerifyRequest {
  readonly cluster: VerifiedCluster;
  readonly intent: NormalizedIntent;
  /** The plan that was applied, made from this intent, workloads included. */
  readonly plan: MeshPlan;
  /** `traffic` (default) sends real requests where workloads really run; `xds` asks for configuration only. */
  readonly level?: "xds" | "traffic";
}

/**
 * Holds what runs to the intent: asks istiod for the configuration of every workload's proxy and judges it, runs
 * istioctl's analyzers, and where workloads really run sends requests. istiod gets up to a minute to catch up with what
 * was applied; what is still wrong six seconds after the last change is a finding. Changes nothing in the cluster.
 *
 * Throws only when the cluster or istiod cannot be asked at all. A mesh without Envoy gives skipped checks and `ok: false`.
 */
export async function verify(request: VerifyRequest, progress: Progress): Promise<VerificationReport> {
  const started = Date.now();
  const expected = expectedOf(request.intent, request.plan);
  const done = expected === undefined ? notJudged() : await judge(request, expected, progress);
  return reportOf(done, (Date.now() - started) / 1000);
}

async function judge(
  request: VerifyRequest,
  expected: Expected,
  progress: Progress,
): Promise<VerifiedCheck[]> {
  const { path, context } = kubeconfigOf(request.cluster);
  const kube = new KubeClient(connectionOf(loadKubeconfig(path), context));
  try {
    progress("asking istiod for the configuration of every proxy");
    const reachable = reachableOf(request.cluster);
    const configuration = await settled({ kube, expected, reachable }, progress);
    const analyzed = await analyzers(path, context);
    const settledRight = configuration.every((check) => check.status !== "failed");
    const tried = await tryTraffic(request, { kube, expected, settled: settledRight }, progress);
    return [...configuration, analyzed, ...tried];
  } finally {
    kube.close();
  }
}

/** Sends requests where workloads really run; else says why not. */
async function tryTraffic(
  { cluster, level }: VerifyRequest,
  ground: Pick<TrafficRequest, "kube" | "expected" | "settled">,
  progress: Progress,
): Promise<VerifiedCheck[]> {
  if (level === "xds") return trafficSkipped("only configuration was asked for");
  if (cluster.kind === "kubeconfig") {
    return trafficSkipped("requests are sent only where workloads run as processes of this machine");
  }
  const { name, dataPlane } = cluster.cluster;
  if (dataPlane === "host") return trafficSkipped("without root, workloads are simulated");
  return traffic({ ...ground, cluster: name, reach: reachEmbedded(cluster.cluster) }, progress);
}

function kubeconfigOf(cluster: VerifiedCluster): { readonly path: string; readonly context?: string } {
  return cluster.kind === "embedded" ? { path: cluster.cluster.kubeconfig } : cluster;
}

function reachableOf(cluster: VerifiedCluster): Reachable {
  if (cluster.kind === "embedded") return { pods: reachEmbedded(cluster.cluster) };
  return { not: "istiod of a cluster that is not of this machine cannot be reached: no port-forwarding yet" };
}

function notJudged(): VerifiedCheck[] {
  const reason = "the plan's mesh says nothing of proxies that could be asked";
  return [
    {
      id: "mesh",
      title: "the mesh is as the intent says",
      status: "skipped",
      reason,
      figures: {},
      findings: [],
    },
  ];
}
