import type * as pulumi from "@pulumi/pulumi";
import type * as kubernetes from "@pulumi/kubernetes";
import type { FieldPath, Result } from "../lib";
import type { ClusterFeatures } from "../mesh/types";

/** What a component asks of a cluster provider, beside the provider's own options. */
export interface ClusterRequest {
  readonly name: string;
  readonly parent: pulumi.Resource;
}

/** A cluster that can be deployed to, whoever made it. */
export interface ClusterHandle {
  readonly name: string;
  readonly provider: kubernetes.Provider;
  /** Always a secret. */
  readonly kubeconfig: pulumi.Output<string>;
}

/** A cluster provider whose options have been checked. */
export interface ConfiguredCluster {
  readonly kind: string;
  /** Pure data, known before anything is created, so that a plan can be made and refused early. */
  readonly features: ClusterFeatures;
  create(request: ClusterRequest): ClusterHandle;
}

/** A cluster on the user's own machine, which the CLI starts before the program runs and removes after its destroy. */
export interface ClusterMachine {
  /** Starts it where it is not running; returns at once where it is. */
  start(progress: (line: string) => void): Promise<void>;
  /** Removes it and all that belongs to it. */
  remove(progress: (line: string) => void): Promise<void>;
}

/** One way to have a cluster. Adding one is a folder in `providers/` and a line in `providers/registry.ts`. */
export interface ClusterProvider {
  readonly title: string;
  /** An error with the code `cluster-not-running` says that `machine` can mend it. */
  configure(raw: unknown, at: FieldPath): Result<ConfiguredCluster>;
  /** Only where the cluster runs on this machine; loaded on demand, since programs never need it. */
  machine?(raw: unknown): Promise<ClusterMachine>;
}
