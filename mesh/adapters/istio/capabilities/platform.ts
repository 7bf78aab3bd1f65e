import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const server = (protocol: string) => native(`Gateway.spec.servers[].port.protocol ${protocol}`, docs.gateway);
const service = (type: string) => native(`gateway chart, service.type ${type}`, docs.gateway);

/** Gateways, egress, telemetry, rollouts and what runs outside one Kubernetes cluster. */
export const sidecarPlatform = {
  "gateway.http": server("HTTP"),
  "gateway.https": server("HTTPS"),
  "gateway.grpc": server("GRPC"),
  "gateway.tls": server("TLS"),
  "gateway.tcp": server("TCP"),
  "gateway.exposure.public": service("LoadBalancer"),
  "gateway.exposure.internal": service("LoadBalancer"),
  "gateway.exposure.cluster": service("ClusterIP"),
  "egress.deny": native(
    "meshConfig.outboundTrafficPolicy.mode REGISTRY_ONLY",
    docs.meshConfig,
    "a pod that leaves its sidecar out is not held back",
  ),
  "egress.allow": native("meshConfig.outboundTrafficPolicy.mode ALLOW_ANY", docs.meshConfig),
  "egress.external": native("ServiceEntry", docs.serviceEntry),
  "egress.external.wildcard": native("ServiceEntry.spec.resolution NONE", docs.serviceEntry),
  "telemetry.tracing": native("Telemetry.spec.tracing[]", docs.telemetry),
  "telemetry.accessLogs": native("Telemetry.spec.accessLogging[]", docs.telemetry),
  "telemetry.accessLogs.errors": native("Telemetry.spec.accessLogging[].filter", docs.telemetry),
  "telemetry.metrics": native("Telemetry.spec.metrics[]", docs.telemetry),
  "rollout.canary": native("Canary.spec.analysis.stepWeights, by Flagger", docs.flagger),
  "rollout.blueGreen": native("Canary.spec.analysis.iterations, by Flagger", docs.flagger),
  federation: none(
    "a plan is for one cluster, and clusters find each other by remote Secrets, which hold credentials",
    docs.multicluster,
    "one mesh for each cluster with mtls.ca.shared-root",
  ),
  "federation.sharedRoot": native("Secret istio-system/cacerts", docs.pluginCa),
  "workloads.vm": native("WorkloadGroup", docs.workloadGroup),
  "workloads.ecs": none("Istio has no agent for ECS tasks", docs.workloadGroup, "workloads: vm"),
  "service.clusters": none(
    "a plan is for one cluster, and clusters find each other by remote Secrets, which hold credentials",
    docs.multicluster,
  ),
} as const satisfies Partial<CapabilityTable>;
