import type { JsonObject } from "../../../lib";
import type { Gateway, Listener } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import type { Site } from "./site";

/** The Gateway objects: which hosts each gateway's pods answer for, on which ports, with which certificates. */
export function gatewayObjects(site: Site): KubeObject[] {
  return site.intent.gateways.map((gateway) => gatewayObject(gateway, site));
}

function gatewayObject({ name, listeners }: Gateway, site: Site): KubeObject {
  const { namespace, selector } = site.gateway(name);
  return kubeObject({
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    name,
    namespace,
    spec: {
      selector,
      servers: listeners.map((listener, i) => ({
        name: `${listener.protocol}-${listener.port}-${i}`,
        ...serverOf(listener, `${listener.protocol}-${listener.port}-${i}`),
      })),
    },
  });
}

function serverOf({ port: number, protocol, hosts, tlsSecret }: Listener, name: string): JsonObject {
  const secured = protocol === "grpc" && tlsSecret !== undefined;
  return {
    port: { name, number, protocol: secured ? "HTTPS" : protocol.toUpperCase() },
    hosts,
    ...(protocol === "tls" ? { tls: { mode: "PASSTHROUGH" } } : {}),
    ...(tlsSecret === undefined ? {} : { tls: { mode: "SIMPLE", credentialName: tlsSecret } }),
  };
}
