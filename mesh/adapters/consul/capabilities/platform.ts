import { native, none, standard } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const listener = (protocol: string, note?: string) =>
  standard(`Gateway.spec.listeners[].protocol ${protocol}`, docs.apiGateway, note);
const exposure = (type: string) =>
  native(`GatewayClassConfig.spec.serviceType ${type}`, docs.gatewayClassConfig);
const needsKubernetes = (what: string) =>
  none(
    `${what} are made by Consul's controller in Kubernetes, which agents on machines do not have`,
    docs.apiGateway,
  );
const noPeering = none(
  "a plan is for one cluster, and peering begins with a token that one cluster makes for the other",
  docs.peering,
  "one mesh for each cluster, and raw PeeringAcceptor and PeeringDialer",
);
const noRollout = none(
  "Flagger does not drive Consul, and Argo Rollouts does so only with a plugin of its own",
  docs.flagger,
  "weights of backends, changed step by step",
);

const gateways = {
  "gateway.http": listener("HTTP", "backends of protocol http"),
  "gateway.https": listener("HTTPS", "backends of protocol http"),
  "gateway.tcp": listener("TCP", "to one backend"),
  "gateway.exposure.public": exposure("LoadBalancer"),
  "gateway.exposure.internal": exposure("LoadBalancer"),
  "gateway.exposure.cluster": exposure("ClusterIP"),
} as const satisfies Partial<CapabilityTable>;

/** Gateways, egress, telemetry, rollouts and what runs outside one Kubernetes cluster. */
export const platform = {
  ...gateways,
  "gateway.grpc": none(
    "Consul's gateways take services of protocol http only",
    docs.apiGateway,
    "a gateway of protocol tcp, or HTTP in front of the service",
  ),
  "gateway.tls": none(
    "Consul's gateways have no listener that passes TLS through by its name",
    docs.apiGateway,
    "a gateway of protocol tcp, for one name",
  ),
  "egress.deny": native(
    "Mesh.spec.transparentProxy.meshDestinationsOnly",
    docs.mesh,
    "a pod that leaves its sidecar out is not held back",
  ),
  "egress.allow": native("Mesh.spec.transparentProxy.meshDestinationsOnly", docs.mesh),
  "egress.external": native(
    "ServiceDefaults.spec.destination, TerminatingGateway",
    docs.terminatingGateway,
    "TLS by its name; the gateway's token must be let use the service",
  ),
  "egress.external.wildcard": none(
    "a destination lists its addresses one by one",
    docs.serviceDefaults,
    "the hosts by name",
  ),
  "telemetry.tracing": native(
    "ProxyDefaults.spec.config.envoy_listener_tracing_json",
    docs.envoy,
    "needs an endpoint to send to",
  ),
  "telemetry.accessLogs": native("ProxyDefaults.spec.accessLogs", docs.proxyDefaults),
  "telemetry.accessLogs.errors": none(
    "Consul's access logs are of all requests or of none",
    docs.proxyDefaults,
    "telemetry.accessLogs all, filtered where they are kept",
  ),
  "telemetry.metrics": native("connectInject.metrics.defaultEnabled", docs.envoy),
  "rollout.canary": noRollout,
  "rollout.blueGreen": noRollout,
  federation: noPeering,
  "federation.sharedRoot": noPeering,
  "workloads.vm": native("config entries for agents, as JSON or HCL", docs.vms),
  "workloads.ecs": none(
    "Consul's tasks on ECS are made by Terraform modules of its own",
    docs.ecs,
    "workloads: vm, with agents on EC2",
  ),
  "service.clusters": noPeering,
} as const satisfies Partial<CapabilityTable>;

const noPlaintext = none(
  "only transparent proxies take plaintext besides, and agents' proxies are not",
  docs.permissive,
);

/** What Consul on machines cannot do, without Kubernetes to do it. */
export const onAgents = {
  ...(Object.fromEntries(Object.keys(gateways).map((id) => [id, needsKubernetes("gateways")])) as {
    readonly [id in keyof typeof gateways]: ReturnType<typeof none>;
  }),
  "access.from.gateway": needsKubernetes("gateways"),
  "egress.deny": none(
    "only transparent proxies hold back what leaves the mesh, and agents' proxies are not",
    docs.mesh,
    "platform: kubernetes, or a firewall on the machines",
  ),
  "mtls.permissive": noPlaintext,
  // What they could say besides strict is permissive.
  "mtls.override.namespace": noPlaintext,
  "mtls.override.service": noPlaintext,
  "mtls.override.port": noPlaintext,
  "mtls.ca.vault": none(
    "the servers' configuration is not in the plan",
    docs.ca,
    "connect.ca_provider of the servers",
  ),
  "mtls.ca.aws-pca": none(
    "the servers' configuration is not in the plan",
    docs.ca,
    "connect.ca_provider of the servers",
  ),
  "telemetry.metrics": none(
    "agents' proxies are set up where they run",
    docs.envoy,
    "envoy_prometheus_bind_addr of each",
  ),
} as const satisfies Partial<CapabilityTable>;
