import * as pulumi from "@pulumi/pulumi";
import type { Provider } from "@pulumi/kubernetes/provider";
import type { ClusterHandle, ConfiguredCluster } from "../providers/types";
import { configureCluster } from "../providers/registry";
import { orThrow, refuse } from "./faults";
import type { Values } from "./refs";
import { missingRefs, resolveRef } from "./refs";

/** A cluster: its kind, and the options of that kind beside it, as in a stack's config. */
export interface ClusterSpec {
  /** Which provider makes or finds the cluster: `local` or `kubeconfig`. */
  readonly kind: string;
  /** The provider's options: `name` of a local cluster, `path` and `context` of a kubeconfig. */
  readonly [option: string]: unknown;
}

export interface ClusterArgs {
  /** The cluster's kind and options, or the same already checked. */
  readonly cluster: ClusterSpec | ConfiguredCluster;
  /** Values of the Refs in the options, such as a kubeconfig made by the same program. Default: none. */
  readonly values?: Values;
}

/**
 * A cluster to deploy to, and the Kubernetes provider that does so.
 *
 * Faults in the options are thrown as one error that lists them all, before anything is registered.
 */
export class Cluster extends pulumi.ComponentResource {
  /** Server-side apply, with an identity that does not change with the credentials. */
  readonly provider: Provider;
  /** Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Version of Kubernetes that the cluster is said to run, `1.36.3`. */
  readonly kubernetesVersion: string;
  /** For other components: how to reach the cluster. */
  readonly handle: ClusterHandle;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    const configured = checkCluster(args.cluster);
    const values = args.values ?? {};
    refuse(missingRefs(configured.refs, values));
    super("meshwright:index:Cluster", name, {}, opts);
    this.handle = configured.create({ name, parent: this, value: (ref) => resolveRef(ref, values) });
    this.provider = this.handle.provider;
    this.kubeconfig = this.handle.kubeconfig;
    this.kubernetesVersion = configured.features.kubernetesVersion;
    this.registerOutputs({ kind: configured.kind, kubernetesVersion: this.kubernetesVersion });
  }
}

/** Checks a cluster's options unless that was done before. */
export function checkCluster(cluster: ClusterSpec | ConfiguredCluster): ConfiguredCluster {
  return isConfigured(cluster) ? cluster : orThrow(configureCluster(cluster, ["cluster"]));
}

function isConfigured(cluster: ClusterSpec | ConfiguredCluster): cluster is ConfiguredCluster {
  return typeof (cluster as { readonly create?: unknown }).create === "function";
}
