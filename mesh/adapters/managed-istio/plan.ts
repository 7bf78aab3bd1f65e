import type { FeatureRequest, KubeObject, MeshPlan, Step } from "../../plan/types";
import { WORKLOADS } from "../../plan/workloads";

/** The step that routes are in. */
export const TRAFFIC = "traffic";

/** What goes into a plan, each in its place in the order. */
export interface ManagedParts {
  readonly mesh: MeshPlan["mesh"];
  readonly features: readonly FeatureRequest[];
  readonly namespaces: readonly KubeObject[];
  /** What the control plane reads of the mesh as a whole. */
  readonly meshConfig: readonly KubeObject[];
  readonly security: readonly KubeObject[];
  /** Gateways that the cloud does not run. */
  readonly gatewayPods: readonly KubeObject[];
  readonly traffic: readonly KubeObject[];
  /** What runs changes of versions. */
  readonly rollouts: readonly Step[];
  readonly outputs: MeshPlan["outputs"];
  readonly warnings: MeshPlan["warnings"];
}

/** The plan for a mesh that is there already: nothing is installed, everything is configured. */
export function managedPlan(parts: ManagedParts): MeshPlan {
  const { mesh, features, outputs, warnings } = parts;
  return {
    mesh,
    clusterFeatures: features,
    steps: [
      step("namespaces", { objects: parts.namespaces, dependsOn: [] }),
      step("mesh-config", { objects: parts.meshConfig, dependsOn: ["namespaces"] }),
      step("security", { objects: parts.security, dependsOn: ["mesh-config"] }),
      ...(parts.gatewayPods.length === 0
        ? []
        : [step("gateway-pods", { objects: parts.gatewayPods, dependsOn: ["security"] })]),
      step(WORKLOADS, { objects: [], dependsOn: ["security"] }),
      // After the workloads, so that a route never leads to a version that is not there yet.
      step(TRAFFIC, { objects: parts.traffic, dependsOn: ["security", WORKLOADS] }),
      ...parts.rollouts,
    ],
    outputs,
    warnings,
  };
}

function step(
  id: string,
  { objects, dependsOn }: { objects: readonly KubeObject[]; dependsOn: readonly string[] },
): Step {
  return { id, dependsOn, readiness: "ready", do: { kind: "objects", objects } };
}
