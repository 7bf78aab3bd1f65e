import type * as pulumi from "@pulumi/pulumi";
import type { Provider } from "@pulumi/kubernetes/provider";
import type { EmbeddedCluster } from "../embedded/cluster/types";
import type { ToolName } from "../embedded/tools/types";
import type { FieldPath, Result } from "../lib";
import type { Ref } from "../mesh/plan/types";
import type { ClusterFeatures } from "../mesh/types";

/** What a component asks of a cluster provider, beside the provider's own options. */
export interface ClusterRequest {
  /** Prefix of the names of all resources made for the cluster. */
  readonly name: string;
  readonly parent: pulumi.Resource;
  /** The value of a `Ref` in the provider's options. */
  readonly value: (ref: Ref) => pulumi.Output<string>;
}

/** A cluster that can be deployed to, whoever made it. */
export interface ClusterHandle {
  readonly name: string;
  readonly provider: Provider;
  /**
   * The same cluster for objects that may be there already and are to be taken over, as CRDs that outlived a mesh.
   * Registered at the first call, since each provider costs a process of the engine.
   */
  readonly adopter: () => Provider;
  /** Always a secret. */
  readonly kubeconfig: pulumi.Output<string>;
}

/** How the CLI reaches a cluster to verify it. */
export type ClusterAccess =
  | { readonly kind: "embedded"; readonly cluster: EmbeddedCluster }
  | { readonly kind: "kubeconfig"; readonly path: string; readonly context: string };

/** A cluster provider whose options have been checked. */
export interface ConfiguredCluster {
  readonly kind: string;
  /** Pure data, known before anything is created, so that a plan can be made and refused early. */
  readonly features: ClusterFeatures;
  /** The cluster is there for this stack alone, so that nothing in it has to outlive the mesh. */
  readonly disposable: boolean;
  /** Absent where the cluster is known only at deploy time. */
  readonly access?: ClusterAccess;
  /** Names of the `values` that `create` will ask for. */
  readonly refs: readonly string[];
  create(request: ClusterRequest): ClusterHandle;
}

/** A cluster on the user's own machine, which the CLI starts before the program runs and removes after its destroy. */
export interface ClusterMachine {
  /** What it runs on. Installed together with all else that is missing, it costs one build and not several. */
  readonly tools: readonly ToolName[];
  /** Starts it where it is not running; returns at once where it is. */
  start(progress: (line: string) => void): Promise<void>;
  /** Removes it and all that belongs to it. */
  remove(progress: (line: string) => void): Promise<void>;
}

/** One way to have a cluster. Adding one is a folder in `providers/` and a line in `providers/registry.ts`. */
export interface ClusterProvider {
  readonly title: string;
  /**
   * Checks the options of a cluster of this kind (all keys but `kind`), reporting every fault in them.
   * An error with the code `cluster-not-running` says that `machine` can mend it.
   */
  configure(raw: unknown, at: FieldPath): Result<ConfiguredCluster>;
  /** Only where such clusters run on this machine. */
  machine?(raw: unknown): ClusterMachine;
}
