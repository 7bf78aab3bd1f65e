import type { Diagnostic, Result } from "../lib";
import { errorAt, fail, found, settle } from "../lib";
import { compile } from "../mesh/compile";
import type { NormalizedIntent } from "../mesh/intent/types";
import { schemasOf } from "../mesh/plan/check-objects";
import type { FeatureRequest, KubeObject, MeshPlan } from "../mesh/plan/types";
import { placeWorkloads } from "../mesh/plan/workloads";
import { checkRaw } from "../mesh/raw";
import type { ClusterFeatures, ConfiguredMesh } from "../mesh/types";
import { renderPlan } from "../render";

/** What a mesh is to be and where, every part of it checked. */
export interface PlanRequest {
  readonly features: ClusterFeatures;
  readonly mesh: ConfiguredMesh;
  readonly intent: NormalizedIntent;
  readonly workloads: readonly KubeObject[];
  /** Folder from which relative paths of charts start. Default: the current one. */
  readonly folder?: string;
}

/** The whole plan, its charts rendered and the workloads in their place; or every reason why there is none. */
export async function planMesh(request: PlanRequest): Promise<Result<MeshPlan>> {
  const { features, mesh, intent, workloads } = request;
  const compiled = compile(intent, mesh, { cluster: features });
  if (!compiled.ok) return compiled;
  const unmet = compiled.value.clusterFeatures.flatMap((wanted) => unmetFeature(wanted, features));
  const placed = placeWorkloads(compiled.value, workloads);
  if (!placed.ok || unmet.length > 0) return fail([...unmet, ...found(placed)]);
  const { kubernetesVersion } = features;
  const context =
    request.folder === undefined ? { kubernetesVersion } : { kubernetesVersion, folder: request.folder };
  const rendered = await renderPlan(placed.value, context);
  if (!rendered.ok) return rendered;
  const warnings = [...compiled.warnings, ...placed.warnings, ...rendered.warnings];
  return settle(rendered.value, [...warnings, ...rawFaults(rendered.value, intent)]);
}

/** What the CRDs in the plan's own charts have against the intent's raw objects. */
function rawFaults({ mesh, steps }: MeshPlan, intent: NormalizedIntent): Diagnostic[] {
  if (intent.raw.length === 0) return [];
  const objects = steps.flatMap(({ do: action }) => (action.kind === "objects" ? action.objects : []));
  return checkRaw(intent, mesh.kind, schemasOf(objects));
}

/** A feature that the plan asks of the cluster and the cluster does not have. */
function unmetFeature(request: FeatureRequest, features: ClusterFeatures): Diagnostic[] {
  switch (request.kind) {
    // Nothing stands between the API server and pods of a cluster by its kubeconfig that we could open.
    case "webhookPorts":
      return [];
    case "loadBalancer": {
      if (request.exposure === "public" ? features.loadBalancer : features.internalLoadBalancer !== undefined)
        return [];
      const message = `the mesh needs ${request.exposure} load balancers, which the cluster does not have`;
      return [
        errorAt([], { code: "missing-feature", message, hint: "expose the gateway within the cluster only" }),
      ];
    }
    case "gatewayApi": {
      if (features.gatewayApi.owner !== "none") return [];
      const message = `the mesh needs the Gateway API (${request.channel}), which the cluster does not have`;
      return [
        errorAt([], {
          code: "missing-feature",
          message,
          hint: "install its CRDs, then say so in features.gatewayApi",
        }),
      ];
    }
    case "managedMesh": {
      if (features.managedMesh === request.mesh) return [];
      const message = `the cloud must run the control plane of ${request.mesh} (${request.revisions.join(", ")}) for this cluster`;
      const hint = `turn it on, then say so: features: { managedMesh: ${request.mesh} }`;
      return [errorAt([], { code: "missing-feature", message, hint })];
    }
  }
}
