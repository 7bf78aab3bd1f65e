import { native, none, standard } from "../../../capability/support";
import type { CapabilityTable, Support } from "../../../capability/types";
import type { ClusterFeatures } from "../../../types";
import { tcpRouteVersion, tlsRouteVersion } from "../gateway-api";
import type { LinkerdOptions } from "../options";
import { docs } from "./docs";

/** Connections, by what the cluster's Gateway API serves and this Linkerd reads. */
export function connectionRouting(options: LinkerdOptions, cluster: ClusterFeatures) {
  const unread = (kind: string) =>
    none(
      `the cluster's Gateway API serves no ${kind} that this Linkerd reads`,
      docs.tlsVersions,
      "a Gateway API of the experimental channel, or a newer Linkerd",
    );
  const tls = tlsRouteVersion(options, cluster);
  const tcp = tcpRouteVersion(cluster);
  return {
    "route.tcp":
      tcp === undefined
        ? unread("TCPRoute")
        : standard(`TCPRoute ${tcp}, parentRef Service`, docs.gatewayApi, "of the experimental channel"),
    "route.tls":
      tls === undefined
        ? unread("TLSRoute")
        : standard(`TLSRoute ${tls}, parentRef Service`, docs.gatewayApi),
  } as const satisfies Partial<CapabilityTable>;
}

/** Linkerd has no gateway of its own: whatever carries the Gateway API may, with Linkerd's proxy beside it. */
export function gatewaySupport(options: LinkerdOptions, cluster: ClusterFeatures) {
  const brought = (by: string, note?: string): Support =>
    options.gateways === undefined
      ? none(
          "Linkerd has no gateway of its own",
          docs.ingress,
          "a Gateway API implementation beside it: gateways: { className: … } in the mesh's options",
        )
      : standard(by, docs.ingress, note);
  const listener = (protocol: string) => brought(`Gateway.spec.listeners[].protocol ${protocol}`);
  return {
    "gateway.http": listener("HTTP"),
    "gateway.https": listener("HTTPS"),
    "gateway.grpc": listener("HTTP"),
    "gateway.tls": listener("TLS"),
    "gateway.tcp": listener("TCP"),
    "gateway.exposure.public": brought("Gateway", "as its implementation exposes gateways by itself"),
    "gateway.exposure.internal":
      options.gateways !== undefined && cluster.internalLoadBalancer === undefined
        ? none("this cluster does not say how to have an internal load balancer", docs.ingress)
        : brought("Gateway.spec.infrastructure.annotations"),
    "gateway.exposure.cluster": none(
      "the Gateway API has no word for gateways within the cluster alone",
      docs.ingress,
      "gateway.exposure.internal",
    ),
    "access.from.gateway": brought("MeshTLSAuthentication.spec.identities", "of the gateway's own pods"),
  } as const satisfies Partial<CapabilityTable>;
}

const oneCluster = none(
  "a plan is for one cluster, and a Link to another holds credentials for it",
  docs.multicluster,
  "one mesh for each cluster with the same trust anchors, and linkerd multicluster link-gen",
);
/** Flagger looks at what Linkerd's proxies count. */
export function rolloutSupport({ prometheus }: LinkerdOptions) {
  const run = (by: string): Support =>
    prometheus === undefined
      ? none(
          "Flagger judges a new version by the proxies' metrics, and no Prometheus is named that has them",
          docs.flagger,
          "prometheus: http://… in the mesh's options",
        )
      : standard(`${by}, by Flagger`, docs.flagger);
  return {
    "rollout.canary": run("Canary.spec.analysis.stepWeights"),
    "rollout.blueGreen": run("Canary.spec.analysis.iterations"),
  } as const satisfies Partial<CapabilityTable>;
}

/** Egress, telemetry and what runs outside one Kubernetes cluster. */
export const platform = {
  "egress.deny": native(
    "EgressNetwork.spec.trafficPolicy Deny",
    docs.egress,
    "a pod that leaves its proxy out is not held back",
  ),
  "egress.allow": native("EgressNetwork.spec.trafficPolicy Allow", docs.egress),
  "egress.external": standard("HTTPRoute, GRPCRoute and TLSRoute, parentRef EgressNetwork", docs.egress),
  "egress.external.wildcard": standard("HTTPRoute and TLSRoute hostnames", docs.egress),
  "telemetry.tracing": native("proxy.tracing", docs.tracing, "sampled by whoever begins a trace"),
  "telemetry.accessLogs": native("Namespace annotation config.linkerd.io/access-log", docs.accessLogging),
  "telemetry.accessLogs.errors": none(
    "Linkerd logs every request or none",
    docs.accessLogging,
    "telemetry.accessLogs all, filtered where they are kept",
  ),
  "telemetry.metrics": native("port 4191 of every proxy", docs.metrics),
  federation: oneCluster,
  "federation.sharedRoot": oneCluster,
  "workloads.vm": none(
    "an ExternalWorkload names its machine's address and identity, which the intent does not have",
    docs.externalWorkload,
    "raw ExternalWorkloads beside a service that selects them",
  ),
  "workloads.ecs": none("Linkerd has no proxy for ECS tasks", docs.externalWorkload, "workloads: kubernetes"),
  "service.clusters": oneCluster,
} as const satisfies Partial<CapabilityTable>;
