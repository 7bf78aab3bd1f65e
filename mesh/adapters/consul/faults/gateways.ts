import { errorAt, infoAt, type Diagnostic } from "../../../../lib";
import type { ClusterFeatures } from "../../../types";
import type { Site } from "../site";

/** Gateways that this cluster cannot expose as asked. */
export function gatewayFaults(
  { intent }: Site,
  { cluster }: { readonly cluster: ClusterFeatures },
): Diagnostic[] {
  return intent.gateways.flatMap(({ name, exposure, at }) => {
    if (exposure === "internal" && cluster.internalLoadBalancer === undefined) {
      const message = `gateway ${name} asks for an internal load balancer, and this cluster does not say how to have one`;
      const hint = "use exposure: cluster, or public";
      return [errorAt([...at, "exposure"], { code: "unsupported-exposure", message, hint })];
    }
    if (exposure === "public" && !cluster.loadBalancer) {
      const message = `this cluster has no load balancers: gateway ${name} is reached at a port of its nodes`;
      return [infoAt(at, { code: "no-load-balancer", message })];
    }
    return [];
  });
}
