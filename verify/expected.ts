import { isJsonObject, type Json } from "../lib";
import type { NormalizedIntent } from "../mesh/intent/types";
import type { MeshPlan } from "../mesh/plan/types";
import type { Expected, GatewayPlace } from "./types";

/** What a plan that was made from an intent says of the mesh beside it. Undefined if the plan's mesh has no Envoy to ask. */
export function expectedOf(intent: NormalizedIntent, plan: MeshPlan): Expected | undefined {
  const { rootNamespace, revision, gateways } = plan.outputs;
  if (typeof rootNamespace !== "string" || typeof revision !== "string") return undefined;
  return {
    intent,
    rootNamespace,
    revision,
    gateways: placesOf(gateways),
    authorizationPolicies: policiesOf(plan),
  };
}

function placesOf(gateways: Json | undefined): GatewayPlace[] {
  return Object.entries(isJsonObject(gateways) ? gateways : {}).flatMap(([name, place]) => {
    if (!isJsonObject(place)) return [];
    const { namespace, serviceAccount } = place;
    if (typeof namespace !== "string" || typeof serviceAccount !== "string") return [];
    return [{ name, namespace, serviceAccount }];
  });
}

function policiesOf(plan: MeshPlan): ReadonlySet<string> {
  const objects = plan.steps.flatMap((step) => (step.do.kind === "objects" ? step.do.objects : []));
  const policies = objects.filter((object) => object.kind === "AuthorizationPolicy");
  return new Set(policies.map(({ metadata }) => `${metadata.namespace ?? "default"}/${metadata.name}`));
}
