import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const server = (protocol: string) => native(`Gateway.spec.servers[].port.protocol ${protocol}`, docs.gateway);
const service = (type: string) => native(`gateway chart, service.type ${type}`, docs.gateway);

const notJoined = none(
  "nothing says which of the clusters this is",
  docs.multicluster,
  "the mesh's option cluster, in sidecar mode",
);

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
  federation: notJoined,
  "federation.sharedRoot": notJoined,
  "workloads.vm": native("WorkloadGroup", docs.workloadGroup),
  "workloads.ecs": none("Istio has no agent for ECS tasks", docs.workloadGroup, "workloads: vm"),
  "service.clusters": notJoined,
} as const satisfies Partial<CapabilityTable>;

/** Several clusters as one mesh, where the options say which of them this is. */
export const joined = {
  federation: native("remote Secrets and an east-west gateway", docs.multicluster, "by the option cluster"),
  "federation.sharedRoot": native("Secret istio-system/cacerts", docs.pluginCa),
  "service.clusters": native("remote Secrets; a Service without pods elsewhere", docs.multicluster),
} as const satisfies Partial<CapabilityTable>;
