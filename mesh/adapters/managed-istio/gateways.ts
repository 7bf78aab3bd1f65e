import type { Gateway } from "../../intent/types";
import type { MeshPlan } from "../../plan/types";
import type { GatewayPods } from "../istio/shared";

/** Where each gateway is, for verification and other stacks. */
export function gatewayOutputs(
  gateways: readonly Gateway[],
  placeOf: (gateway: Gateway) => GatewayPods & { readonly service: string },
): MeshPlan["outputs"] {
  return Object.fromEntries(
    gateways.map((gateway) => {
      const { namespace, service, serviceAccount } = placeOf(gateway);
      const ports = [...new Set(gateway.listeners.map((l) => l.port))];
      return [gateway.name, { namespace, service, serviceAccount, ports }];
    }),
  );
}
