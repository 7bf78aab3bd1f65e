import { fail, found, ok } from "../lib";
import type { Intent } from "../mesh/intent";
import { parseIntent } from "../mesh/intent";
import type { KubeObject, MeshPlan } from "../mesh/plan/types";
import { configureMesh } from "../mesh/registry";
import { configureCluster } from "../providers/registry";
import type { ConfiguredCluster } from "../providers/types";
import type { ClusterSpec } from "./cluster";
import { orThrow } from "./faults";
import { planMesh } from "./plan";

/** A mesh: its kind, and the options of that kind beside it, as in a stack's config. */
export interface MeshSpec {
  /** Which mesh: `istio`. */
  readonly kind: string;
  readonly [option: string]: unknown;
}

/** What a platform is to be, in plain words: the same as in a stack's config. */
export interface PlatformSpec {
  readonly cluster: ClusterSpec;
  readonly mesh: MeshSpec;
  /** Services, routes, access, gateways: see docs/intent.md. */
  readonly intent: Intent;
  /** Objects to deploy into the mesh once its policies stand, namespaced ones with their namespace. Default: none. */
  readonly workloads?: readonly KubeObject[];
}

/** A platform to be: what `MeshPlatform` takes. */
export interface PlannedPlatform {
  readonly cluster: ConfiguredCluster;
  readonly plan: MeshPlan;
}

/** Checks and plans a platform. Everything that is wrong with it is thrown as one error. Changes nothing. */
export async function planPlatform(spec: PlatformSpec): Promise<PlannedPlatform> {
  const cluster = configureCluster(spec.cluster, ["cluster"]);
  const mesh = configureMesh(spec.mesh, ["mesh"]);
  const intent = parseIntent(spec.intent, ["intent"]);
  const all = [cluster, mesh, intent].flatMap(found);
  if (!cluster.ok || !mesh.ok || !intent.ok) return orThrow(fail(all));
  const plan = await planMesh({
    features: cluster.value.features,
    mesh: mesh.value,
    intent: intent.value,
    workloads: spec.workloads ?? [],
  });
  return orThrow(
    plan.ok ? ok({ cluster: cluster.value, plan: plan.value }, [...all, ...plan.warnings]) : plan,
  );
}
