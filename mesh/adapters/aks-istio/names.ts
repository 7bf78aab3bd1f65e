import type { Gateway } from "../../intent/types";
import type { GatewayPods } from "../istio/shared";

/** Where the add-on's control plane runs, and mesh-wide policies live. */
export const ROOT_NAMESPACE = "aks-istio-system";
/** Where the add-on's ingress gateways run. */
export const INGRESS_NAMESPACE = "aks-istio-ingress";
/** The trust domain of every add-on. */
export const TRUST_DOMAIN = "cluster.local";

/** The ConfigMap that a revision's control plane reads beside its own. */
export function configMapName(revision: string): string {
  return `istio-shared-configmap-${revision}`;
}

/** The add-on's ingress gateway of an exposure: it has one for each. */
export function ingressPods(exposure: Gateway["exposure"]): GatewayPods & { readonly service: string } {
  const name = `aks-istio-ingressgateway-${exposure === "internal" ? "internal" : "external"}`;
  return { namespace: INGRESS_NAMESPACE, serviceAccount: name, service: name, selector: { istio: name } };
}
