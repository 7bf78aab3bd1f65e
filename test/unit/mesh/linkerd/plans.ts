import type { Diagnostic, Result } from "../../../../lib";
import { compile, configureMesh } from "../../../../mesh";
import { parseIntent } from "../../../../mesh/intent";
import type { Chart, KubeObject, MeshPlan } from "../../../../mesh/plan/types";
import type { ClusterFeatures } from "../../../../mesh/types";
import { inShort, value } from "../intents";
import { cluster } from "../istio/plans";

export { objectsOf, specOf } from "../istio/plans";

const CA = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

export interface Wanted {
  readonly intent: unknown;
  readonly options?: object;
  readonly features?: Partial<ClusterFeatures>;
}

/** Compiles for Linkerd; the intent and the options must be valid, the plan need not be. */
export function compiled({ intent, options = {}, features = {} }: Wanted): Result<MeshPlan> {
  const mesh = value(configureMesh({ kind: "linkerd", webhooks: { caBundle: CA }, ...options }, ["mesh"]));
  return compile(value(parseIntent(intent)), mesh, { cluster: { ...cluster, ...features } });
}

export function planned(wanted: Wanted): MeshPlan {
  return value(compiled(wanted));
}

/** `code at path` of everything that is said of it. */
export function said(wanted: Wanted): string[] {
  const result = compiled(wanted);
  const all: readonly Diagnostic[] = result.ok ? result.warnings : result.diagnostics;
  return all.map(inShort);
}

export function chartOf(plan: MeshPlan, release: string): Chart {
  const step = plan.steps.find((s) => s.do.kind === "chart" && s.do.chart.release === release);
  if (step?.do.kind !== "chart") throw new Error(`no chart ${release}`);
  return step.do.chart;
}

/** `Kind namespace/name` of objects. */
export function namesOf(objects: readonly KubeObject[]): string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`);
}
