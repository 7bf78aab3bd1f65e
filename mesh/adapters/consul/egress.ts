import type { ExternalService } from "../../intent/types";
import type { KubeObject } from "../../plan/types";
import { CONSUL_NAMESPACE, entry, externalName, TERMINATING_GATEWAY } from "./names";
import type { Site } from "./site";
import { consulProtocol } from "./protocol";

/** What is outside the mesh, by host and port, and the gateway through which it is reached. */
export function egressObjects({ intent }: Site): KubeObject[] {
  const external = intent.egress?.external ?? [];
  if (external.length === 0) return [];
  const services = external.flatMap((e) => e.ports.map(({ port }) => ({ name: externalName(e, port) })));
  return [
    ...external.flatMap(destinations),
    entry("TerminatingGateway", {
      name: TERMINATING_GATEWAY,
      namespace: CONSUL_NAMESPACE,
      spec: { services },
    }),
  ];
}

function destinations(external: ExternalService): KubeObject[] {
  return external.ports.map(({ port, protocol }) =>
    entry("ServiceDefaults", {
      name: externalName(external, port),
      namespace: CONSUL_NAMESPACE,
      spec: { protocol: consulProtocol(protocol), destination: { addresses: external.hosts, port } },
    }),
  );
}
