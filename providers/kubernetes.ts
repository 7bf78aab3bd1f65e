import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider";
import type { ClusterHandle, ClusterRequest } from "./types";

/** How the Kubernetes provider reaches one cluster. */
export interface Connection {
  /** Content of a kubeconfig. */
  readonly kubeconfig: pulumi.Input<string>;
  /** Its current context where absent. */
  readonly context?: string;
  /**
   * Says which cluster this is. While it stays the same, a new kubeconfig (rotated credentials, another address of the
   * API server) is an update; without it the provider, and with it every object, would be replaced.
   */
  readonly clusterIdentifier: string;
}

/** The handle of a cluster that is reached by a kubeconfig. */
export function connect(request: ClusterRequest, connection: Connection): ClusterHandle {
  const kubeconfig = pulumi.secret(connection.kubeconfig);
  const shared = {
    kubeconfig,
    clusterIdentifier: connection.clusterIdentifier,
    enableServerSideApply: true,
    // A preview shows what will be; somebody else's hold on a field, as after `kubectl edit`, must not keep it from being.
    enablePatchForce: true,
    // Changed in place, so that what mounts one by name needs no new name; the meshes reload theirs.
    enableConfigMapMutable: true,
    enableSecretMutable: true,
    ...(connection.context === undefined ? {} : { context: connection.context }),
  };
  const opts = { parent: request.parent };
  const provider = new Provider(`${request.name}-kubernetes`, shared, opts);
  let adopter: Provider | undefined;
  return {
    name: request.name,
    provider,
    kubeconfig,
    adopter: () =>
      (adopter ??= new Provider(
        `${request.name}-kubernetes-adopt`,
        { ...shared, upsertExistingObjects: true },
        opts,
      )),
  };
}
