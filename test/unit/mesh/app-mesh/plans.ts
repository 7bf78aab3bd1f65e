import { appMesh } from "../../../../mesh/adapters/app-mesh";
import { checkPlan } from "../../../../mesh/plan/check";
import type { CloudResource, KubeObject, MeshPlan } from "../../../../mesh/plan/types";
import type { ClusterFeatures } from "../../../../mesh/types";
import type { JsonObject, Result } from "../../../../lib";
import { valid, value } from "../intents";

export const cluster: ClusterFeatures = {
  kubernetesVersion: "1.36.3",
  proxy: "mesh",
  webhooks: { kind: "service" },
  loadBalancer: true,
  internalLoadBalancer: { "example.com/internal": "true" },
  gatewayApi: { owner: "us" },
  netAdmin: true,
};

const options = { acknowledgeDiscontinued: true, tls: { kind: "file", secret: "mesh-certificate" } };

/** What a mesh without authorization policies can keep. */
export const open = { authorization: { default: "allow" } };

export interface Wanted {
  readonly intent: object;
  readonly options?: object;
  readonly features?: Partial<ClusterFeatures>;
}

/** Plans for App Mesh; the intent and the options must be valid, the plan need not be. */
export function attempted({ intent, options: own = {}, features = {} }: Wanted): Result<MeshPlan> {
  const mesh = value(appMesh.configure({ ...options, ...own }, ["mesh"]));
  return mesh.plan(valid({ ...open, ...intent }), { cluster: { ...cluster, ...features } });
}

export function planned(wanted: Wanted): MeshPlan {
  const plan = value(attempted(wanted));
  const faults = checkPlan(plan);
  if (faults.length > 0) throw new Error(faults.map((f) => f.message).join("\n"));
  return plan;
}

export function objectsOf(plan: MeshPlan): KubeObject[] {
  return plan.steps.flatMap((step) => (step.do.kind === "objects" ? step.do.objects : []));
}

/** The spec of an object, by its kind and `namespace/name`. */
export function specOf(plan: MeshPlan, kind: string, place: string): JsonObject | undefined {
  const object = objectsOf(plan).find(
    (o) => o.kind === kind && `${o.metadata.namespace}/${o.metadata.name}` === place,
  );
  return object?.["spec"] as JsonObject | undefined;
}

export function resourcesOf(plan: MeshPlan): CloudResource[] {
  return plan.steps.flatMap((step) => (step.do.kind === "cloudResources" ? step.do.resources : []));
}
