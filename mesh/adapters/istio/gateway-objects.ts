import type { Gateway } from "../../intent/types";
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
      servers: listeners.map(({ port, protocol, hosts, tlsSecret }, i) => ({
        name: `${protocol}-${port}-${i}`,
        port: { name: `${protocol}-${port}-${i}`, number: port, protocol: protocol.toUpperCase() },
        hosts,
        ...(tlsSecret === undefined ? {} : { tls: { mode: "SIMPLE", credentialName: tlsSecret } }),
      })),
    },
  });
}
