import { native, none } from "../../capability/support";
import type { CapabilityTable, Support } from "../../capability/types";
import type { AppMeshOptions } from "./options";
import { api, guide } from "./sources";

const listener = (protocol: string): Support =>
  native(`VirtualGateway.spec.listeners[].portMapping.protocol ${protocol}`, api("VirtualGatewayListener"));
const noConnections = none(
  "App Mesh's gateways speak HTTP, HTTP/2 and gRPC only",
  api("VirtualGatewayPortMapping"),
  "a load balancer of the cloud before the service",
);
const noRollout = none(
  "nothing new is rolled out on a mesh that has ended",
  guide("what-is-app-mesh"),
  "weights of a route, changed by hand",
);
const alone = none(
  "a mesh belongs to one account and one plan; App Mesh shares meshes, it does not join them",
  guide("sharing"),
);

/** What does not depend on the form. */
const fixed = {
  "egress.deny": native("Mesh.spec.egressFilter.type DROP_ALL", api("EgressFilter")),
  "egress.allow": native("Mesh.spec.egressFilter.type ALLOW_ALL", api("EgressFilter")),
  "egress.external": native("VirtualService and VirtualNode for each host", guide("virtual_services")),
  "egress.external.wildcard": none("a virtual service has one name", api("VirtualServiceSpec")),
  "telemetry.tracing": native(
    "AWS X-Ray, beside each proxy",
    guide("envoy-config"),
    "no collector of another kind",
  ),
  "telemetry.accessLogs": native("VirtualNode.spec.logging.accessLog", api("AccessLog"), "all or none"),
  "telemetry.accessLogs.errors": none(
    "App Mesh logs all requests or none",
    api("AccessLog"),
    "telemetry.accessLogs all",
  ),
  "telemetry.metrics": native("each proxy's port 9901", guide("envoy-metrics")),
  "rollout.canary": noRollout,
  "rollout.blueGreen": noRollout,
  federation: alone,
  "federation.sharedRoot": alone,
  "service.clusters": alone,
} as const satisfies Partial<CapabilityTable>;

/** Gateways, egress, telemetry and where workloads run: partly a matter of the form. */
export function platformTable({ form, platform }: AppMeshOptions) {
  const inCluster = platform === "eks";
  const exposed = (type: string): Support =>
    inCluster
      ? native(`Service.spec.type ${type}`, guide("virtual_gateways"))
      : none(
          "what stands before a gateway's proxies outside Kubernetes is not in the plan",
          guide("virtual_gateways"),
          "a load balancer of your own before them, and exposure: cluster",
        );
  const outside = (kind: string): Support =>
    form === "api"
      ? native(`outputs.proxies, ${kind}`, guide("getting-started"))
      : none("the controller runs proxies in Kubernetes only", guide("getting-started"), "form: api");
  return {
    ...fixed,
    "gateway.http": listener("http"),
    "gateway.https": listener("http, with tls"),
    "gateway.grpc":
      form === "controller"
        ? listener("grpc")
        : none(
            "Pulumi's resource cannot say that calls keep their Host header, and match little of them",
            api("GrpcGatewayRoute"),
            "form: controller",
          ),
    "gateway.tls": noConnections,
    "gateway.tcp": noConnections,
    "gateway.exposure.public": exposed("LoadBalancer"),
    "gateway.exposure.internal": exposed("LoadBalancer"),
    "gateway.exposure.cluster": native("no load balancer", guide("virtual_gateways")),
    "workloads.vm": outside("the bootstrap of an EC2 instance"),
    "workloads.ecs": outside("proxyConfiguration and containerDefinition of an ECS task"),
  } as const satisfies Partial<CapabilityTable>;
}
