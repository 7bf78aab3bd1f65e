import type { JsonObject } from "../../../../lib";
import type { NormalizedIntent, Protocol, Service } from "../../../intent/types";

/**
 * What ECS Service Connect can take over of an intent: for each service, the `serviceConnectConfiguration` of its ECS
 * service, and the names and protocols that the port mappings of its tasks must have.
 */
export function serviceConnect({ services }: NormalizedIntent, namespace: string): JsonObject {
  return Object.fromEntries(services.map((service) => [service.key, configurationOf(service, namespace)]));
}

function configurationOf(service: Service, namespace: string): JsonObject {
  const { name, ports } = service;
  return {
    portMappings: ports.map(({ port, targetPort, protocol }) => ({
      name: `${protocol}-${port}`,
      containerPort: targetPort,
      ...appProtocol(protocol),
    })),
    serviceConnectConfiguration: {
      enabled: true,
      namespace,
      services: ports.map(({ port, protocol }) => ({
        portName: `${protocol}-${port}`,
        discoveryName: `${name}-${service.namespace}-${port}`,
        clientAlias: [{ dnsName: `${name}.${service.namespace}`, port }],
      })),
    },
  };
}

/** Ports without one carry TCP. */
function appProtocol(protocol: Protocol): JsonObject {
  return protocol === "tcp" || protocol === "tls" ? {} : { appProtocol: protocol };
}
