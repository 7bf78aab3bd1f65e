import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../../providers/types";
import type { Values } from "../refs";

/** What the execution of a step needs beside the step itself. */
export interface StepContext {
  /** Prefix of the names of all resources. */
  readonly name: string;
  readonly parent: pulumi.Resource;
  readonly cluster: ClusterHandle;
  readonly values: Values;
  /** CRDs stay in the cluster when their resources are destroyed. */
  readonly keepCrds: boolean;
  /** The resources of the steps before; all of them are there before any of this step. */
  readonly after: readonly pulumi.Resource[];
}
