import { parseIntent } from "../../../../mesh/intent";
import { compile, configureMesh } from "../../../../mesh";
import type { Chart, KubeObject, MeshPlan } from "../../../../mesh/plan/types";
import type { ClusterFeatures } from "../../../../mesh/types";
import type { Result } from "../../../../lib";
import { value } from "../intents";

export const cluster: ClusterFeatures = {
  kubernetesVersion: "1.36.3",
  proxy: "mesh",
  webhooks: { kind: "service" },
  loadBalancer: true,
  gatewayApi: { owner: "us" },
  netAdmin: true,
};

export interface Wanted {
  readonly intent: unknown;
  readonly options?: object;
  readonly features?: Partial<ClusterFeatures>;
}

/** Compiles for Istio; the intent and the options must be valid, the plan need not be. */
export function compiled({ intent, options = {}, features = {} }: Wanted): Result<MeshPlan> {
  const mesh = value(configureMesh({ kind: "istio", ...options }));
  return compile(value(parseIntent(intent)), mesh, { cluster: { ...cluster, ...features } });
}

export function planned(wanted: Wanted): MeshPlan {
  return value(compiled(wanted));
}

export function objectsOf(plan: MeshPlan, kind?: string): KubeObject[] {
  const all = plan.steps.flatMap((step) => (step.do.kind === "objects" ? step.do.objects : []));
  return kind === undefined ? all : all.filter((o) => o.kind === kind);
}

/** The object's spec, by `namespace/name`. */
export function specOf(plan: MeshPlan, kind: string, place: string): unknown {
  return objectsOf(plan, kind).find((o) => `${o.metadata.namespace}/${o.metadata.name}` === place)?.["spec"];
}

export function chartOf(plan: MeshPlan, release: string): Chart {
  const step = plan.steps.find((s) => s.do.kind === "chart" && s.do.chart.release === release);
  if (step?.do.kind !== "chart") throw new Error(`no chart ${release}`);
  return step.do.chart;
}
