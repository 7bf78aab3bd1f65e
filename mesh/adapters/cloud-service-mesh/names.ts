import type { GatewayPods } from "../istio/shared";
import type { CsmOptions } from "./options";

/** Where mesh-wide policies live; the control plane itself is not in the cluster. */
export const ROOT_NAMESPACE = "istio-system";

/**
 * The ConfigMap that Traffic Director reads the user's MeshConfig from, whatever the channel:
 * https://cloud.google.com/service-mesh/docs/managed-service-mesh-optional-features
 */
export const MESH_CONFIG_MAP = "istio-asm-managed-rapid";

/** The fleet's workload identity pool, which is the mesh's trust domain. */
export function workloadPool({ project }: CsmOptions): string {
  return `${project}.svc.id.goog`;
}

/** The name that a release channel has as a revision. */
export function revisionOf({ channel }: CsmOptions): string {
  return channel === "regular" ? "asm-managed" : `asm-managed-${channel}`;
}

export function gatewayPlace(
  name: string,
  { gatewayNamespace }: CsmOptions,
): GatewayPods & { readonly service: string } {
  const release = `${name}-gateway`;
  return {
    namespace: gatewayNamespace,
    serviceAccount: release,
    service: release,
    selector: { istio: release },
  };
}
