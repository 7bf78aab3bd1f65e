import * as pulumi from "@pulumi/pulumi";
import type { MeshPlan } from "../mesh/plan/types";
import type { ClusterHandle } from "../providers/types";
import { refuse } from "./faults";
import type { Values } from "./refs";
import { checkSteps, runSteps } from "./steps";

export interface ServiceMeshArgs {
  /** A plan of which every chart has been rendered. Plans come from `compile`. */
  readonly plan: MeshPlan;
  /** The cluster to apply it to. */
  readonly cluster: ClusterHandle;
  /** Values of the Refs in the plan. Default: none. */
  readonly values?: Values;
  /**
   * CRDs, and with them every object of their kinds, stay in the cluster when the mesh is destroyed. Default: true.
   * Where it is true the CRDs go through a provider of their own, which takes over those that are there already.
   */
  readonly keepCrds?: boolean;
}

/**
 * A mesh, installed and configured as a plan says: one resource for each object, in the plan's order.
 *
 * All that keeps the plan from being executed is thrown as one error, before anything is registered.
 */
export class ServiceMesh extends pulumi.ComponentResource {
  /** What was installed. */
  readonly mesh: MeshPlan["mesh"];

  constructor(name: string, args: ServiceMeshArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, cluster, values = {}, keepCrds = true } = args;
    refuse(checkSteps(plan, values));
    super("meshwright:index:ServiceMesh", name, {}, opts);
    this.mesh = plan.mesh;
    runSteps(plan.steps, { name, parent: this, cluster, values, keepCrds });
    this.registerOutputs({ ...plan.mesh });
  }
}
