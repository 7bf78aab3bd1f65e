import * as pulumi from "@pulumi/pulumi";
import type { MeshPlan } from "../mesh/plan/types";
import type { ConfiguredCluster } from "../providers/types";
import { Cluster } from "./cluster";
import type { Values } from "./refs";
import { ServiceMesh } from "./service-mesh";

export interface MeshPlatformArgs {
  /** The cluster, its options checked. */
  readonly cluster: ConfiguredCluster;
  /** The plan that was made for that cluster, its charts rendered. */
  readonly plan: MeshPlan;
  /** Values of the Refs in the cluster's options and the plan. Default: none. */
  readonly values?: Values;
  /**
   * CRDs, and with them every object of their kinds, stay in the cluster when the platform is destroyed.
   * Default: true, unless the cluster is there for this stack alone.
   */
  readonly keepCrds?: boolean;
}

/**
 * A service mesh on a cluster, as planned by `planPlatform`: the plan is whole before the first of its resources is
 * registered, and what is applied is what was planned.
 *
 * A missing value, or a plan that cannot be executed, is thrown as one error with all its reasons.
 */
export class MeshPlatform extends pulumi.ComponentResource {
  readonly cluster: Cluster;
  readonly mesh: ServiceMesh;

  constructor(name: string, args: MeshPlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("meshwright:index:MeshPlatform", name, {}, opts);
    const { cluster, plan, values = {}, keepCrds = !cluster.disposable } = args;
    const parent = { parent: this };
    this.cluster = new Cluster(name, { cluster, values }, parent);
    this.mesh = new ServiceMesh(name, { plan, cluster: this.cluster.handle, values, keepCrds }, parent);
    this.registerOutputs({ mesh: plan.mesh, ...plan.outputs });
  }
}
