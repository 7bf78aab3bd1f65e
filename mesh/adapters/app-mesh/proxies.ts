import type { JsonObject } from "../../../lib";
import type { Gateway, Service } from "../../intent/types";
import { podPort } from "./gateways";
import { awsName, type Place } from "./model";
import { nodePlace } from "./names";
import { podPorts } from "./nodes";
import type { Site } from "./site";

const PROXY_USER = "1337";
const INGRESS_PORT = "15000";
const EGRESS_PORT = "15001";
/** Addresses that tasks and instances ask who they are; a proxy must not stand before them. */
const METADATA_ADDRESSES = "169.254.170.2,169.254.169.254";

/** The environment of an App Mesh proxy that runs as a node or a gateway. */
export function proxyEnvironment(
  resource: string,
  { intent, options }: Site,
): { readonly [name: string]: string } {
  const { tracing } = intent.telemetry ?? {};
  return {
    APPMESH_RESOURCE_ARN: `mesh/${options.meshName}/${resource}`,
    ...(options.region === undefined ? {} : { AWS_REGION: options.region }),
    ...(options.tls?.kind === "sds" ? { APPMESH_SDS_SOCKET_PATH: "/tmp/agent.sock" } : {}),
    ...(tracing === undefined
      ? {}
      : {
          ENABLE_ENVOY_XRAY_TRACING: "1",
          XRAY_SAMPLING_RATE: String(tracing.samplingPercent / 100),
        }),
  };
}

/**
 * What the plan cannot make, since the workloads are the user's: how the proxies beside them are run, by service and
 * node. Nothing for pods that the controller gives their proxies.
 */
export function proxyOutputs(site: Site): JsonObject {
  const { intent, options } = site;
  const services = intent.services.filter((s) => s.workloads !== "kubernetes" || options.form === "api");
  return Object.fromEntries(services.map((service) => [service.key, serviceProxies(service, site)]));
}

function serviceProxies(service: Service, site: Site): JsonObject {
  const versions = service.versions.map((v) => v.name);
  const nodes = versions.length === 0 ? [nodePlace(service)] : versions.map((v) => nodePlace(service, v));
  return Object.fromEntries(nodes.map((node) => [node.name, proxyOf(service, { node, site })]));
}

function proxyOf(service: Service, { node, site }: { node: Place; site: Site }): JsonObject {
  const environment = proxyEnvironment(`virtualNode/${awsName(node)}`, site);
  const ports = podPorts(service).map((p) => p.targetPort);
  const { images } = site.options;
  switch (service.workloads) {
    case "ecs":
      return ecsTask(ports, { environment, image: images.envoy });
    case "vm":
      return instance(ports, { environment, site });
    case "kubernetes":
      return {
        container: { name: "envoy", image: images.envoy, user: PROXY_USER, environment },
        initContainer: { image: images.routeManager, environment: redirection(ports) },
      };
  }
}

type Environment = { readonly [name: string]: string };

/** The parts of an ECS task definition: `proxyConfiguration`, and the container that it names. */
function ecsTask(
  ports: readonly number[],
  { environment, image }: { environment: Environment; image: string },
): JsonObject {
  return {
    proxyConfiguration: {
      type: "APPMESH",
      containerName: "envoy",
      properties: {
        AppPorts: ports.join(","),
        EgressIgnoredIPs: METADATA_ADDRESSES,
        IgnoredUID: PROXY_USER,
        ProxyEgressPort: EGRESS_PORT,
        ProxyIngressPort: INGRESS_PORT,
      },
    },
    containerDefinition: {
      name: "envoy",
      image,
      essential: true,
      user: PROXY_USER,
      environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
      healthCheck: {
        command: ["CMD-SHELL", "curl -s http://localhost:9901/server_info | grep state | grep -q LIVE"],
        interval: 5,
        timeout: 2,
        retries: 3,
        startPeriod: 10,
      },
    },
  };
}

/** What an EC2 instance runs when it starts: the proxy, and what leads the instance's connections through it. */
function instance(
  ports: readonly number[],
  { environment, site }: { environment: Environment; site: Site },
): JsonObject {
  const { envoy, routeManager } = site.options.images;
  return {
    bootstrap: [
      `docker run --detach --restart always --network host --user ${PROXY_USER} ${flags(environment)} ${envoy}`,
      `docker run --rm --network host --cap-add NET_ADMIN ${flags(redirection(ports))} ${routeManager}`,
    ],
  };
}

function flags(environment: Environment): string {
  return Object.entries(environment)
    .map(([name, value]) => `--env ${name}=${value}`)
    .join(" ");
}

/** The environment of the program that leads connections through the proxy. */
function redirection(ports: readonly number[]): Environment {
  return {
    APPMESH_START_ENABLED: "1",
    APPMESH_IGNORE_UID: PROXY_USER,
    APPMESH_ENVOY_INGRESS_PORT: INGRESS_PORT,
    APPMESH_ENVOY_EGRESS_PORT: EGRESS_PORT,
    APPMESH_APP_PORTS: ports.join(","),
    APPMESH_EGRESS_IGNORED_IP: METADATA_ADDRESSES,
    APPMESH_EGRESS_IGNORED_PORTS: "22",
  };
}

/** Where each gateway is, and how its proxies are run where the plan does not run them. */
export function gatewayOutputs(gateway: Gateway, site: Site): JsonObject {
  const place = { name: gateway.name, namespace: site.options.gatewayNamespace };
  const ports = [...new Set(gateway.listeners.map((l) => l.port))];
  const { platform, images } = site.options;
  return {
    ports,
    listenerPorts: ports.map(podPort),
    ...(platform === "eks"
      ? {}
      : {
          container: {
            name: "envoy",
            image: images.envoy,
            user: PROXY_USER,
            environment: proxyEnvironment(`virtualGateway/${awsName(place)}`, site),
          },
        }),
  };
}
