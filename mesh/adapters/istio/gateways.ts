import { errorAt, infoAt, type Diagnostic, type JsonObject } from "../../../lib";
import type { Gateway, Listener } from "../../intent/types";
import type { FeatureRequest, Step } from "../../plan/types";
import type { ClusterFeatures } from "../../types";
import { chartStep } from "./chart";
import { spread, type InstallInput } from "./install";
import { gatewayRelease, gatewaySelector, revisionLabel } from "./names";
import type { IstioOptions } from "./options";
import { resourceValues } from "./values";

/** One release of the gateway chart for each gateway of the intent. */
export function gatewaySteps({ intent, options, cluster }: InstallInput): Step[] {
  return intent.gateways.map((gateway) =>
    chartStep(
      {
        chart: "gateway",
        version: options.version,
        source: options.charts,
        release: gatewayRelease(gateway.name),
        namespace: options.gatewayNamespace,
        values: gatewayValues(gateway, { options, cluster }),
      },
      // A gateway's pod has the image `auto` until the injector fills it in, and must never run without its policies.
      ["security"],
    ),
  );
}

type Surroundings = Pick<InstallInput, "options" | "cluster">;

function gatewayValues(gateway: Gateway, { options, cluster }: Surroundings): JsonObject {
  const release = gatewayRelease(gateway.name);
  const revision = revisionLabel(options);
  const { pullSecrets } = options.images;
  return {
    ...scale(options, release),
    ...(revision === undefined ? {} : { revision }),
    labels: { app: release, ...gatewaySelector(gateway.name) },
    service: { ...reach(gateway, cluster), ports: [STATUS_PORT, ...portsOf(gateway).map(servicePort)] },
    resources: resourceValues(options.resources.gateway),
    ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
  };
}

const STATUS_PORT: JsonObject = { name: "status-port", port: 15021, protocol: "TCP", targetPort: 15021 };

function scale({ profile }: IstioOptions, release: string): JsonObject {
  if (profile === "minimal") return { autoscaling: { enabled: false }, replicaCount: 1 };
  return {
    autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 5 },
    podDisruptionBudget: { minAvailable: 1 },
    ...spread({ app: release }),
  };
}

function reach({ exposure }: Gateway, cluster: ClusterFeatures): JsonObject {
  switch (exposure) {
    case "cluster":
      return { type: "ClusterIP" };
    case "internal":
      return { type: "LoadBalancer", annotations: cluster.internalLoadBalancer ?? {} };
    case "public":
      return { type: cluster.loadBalancer ? "LoadBalancer" : "NodePort" };
  }
}

/** One listener for each port; several may share one with different hosts. */
function portsOf({ listeners }: Gateway): Listener[] {
  return listeners.filter((l, i) => listeners.findIndex((other) => other.port === l.port) === i);
}

function servicePort({ port, protocol }: Listener): JsonObject {
  return { name: `${protocol}-${port}`, port, protocol: "TCP", targetPort: port };
}

/** What gateways ask of the cluster. */
export function gatewayFeatures({ intent, cluster }: InstallInput): FeatureRequest[] {
  const exposures = new Set(intent.gateways.map((g) => g.exposure));
  return (["internal", "public"] as const)
    .filter((exposure) => exposures.has(exposure) && (exposure === "internal" || cluster.loadBalancer))
    .map((exposure) => ({ kind: "loadBalancer", exposure }));
}

/** Gateways that this cluster cannot expose as asked. */
export function gatewayFaults({ intent, cluster }: InstallInput): Diagnostic[] {
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
