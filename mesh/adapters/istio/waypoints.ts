import { byText } from "../../../lib";
import type { NormalizedIntent } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";

/** The waypoint of each namespace, and so the service account that it runs as. */
export const WAYPOINT = "waypoint";

/** A waypoint for each namespace that has services; istiod runs what these objects ask for. */
export function waypoints({ services }: NormalizedIntent): KubeObject[] {
  return [...new Set(services.map((s) => s.namespace))].sort(byText).map((namespace) =>
    kubeObject({
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      name: WAYPOINT,
      namespace,
      labels: { "istio.io/waypoint-for": "service" },
      spec: {
        gatewayClassName: "istio-waypoint",
        listeners: [{ name: "mesh", port: 15008, protocol: "HBONE" }],
      },
    }),
  );
}
