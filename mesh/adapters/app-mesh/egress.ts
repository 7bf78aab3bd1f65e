import type { ExternalService } from "../../intent/types";
import type { NodeModel, RouterModel, ServiceModel, Spelling } from "./model";
import { externalPlace } from "./names";
import { duration, listenerProtocol } from "./protocols";
import { plainRoute } from "./routes";
import type { Site } from "./site";

/** One host outside the mesh, as a virtual service. */
export interface ExternalHost extends ServiceModel {
  readonly ports: ExternalService["ports"];
}

/** The hosts that the mesh may call although they lie outside. */
export function externals({ intent }: Site): ExternalHost[] {
  return (intent.egress?.external ?? []).flatMap((external) =>
    external.hosts.map((host, i) => {
      const place = externalPlace(external, i);
      return { ...place, host, router: place, ports: external.ports };
    }),
  );
}

/** A node that is found by the host's own name, and a router to it that never retries. */
export function externalNode({ name, namespace, host, ports }: ExternalHost): NodeModel {
  return {
    name,
    namespace,
    spec: {
      listeners: ports.map(({ port, protocol }) => {
        const listener = listenerProtocol(protocol);
        return {
          portMapping: { port, protocol: listener },
          ...(listener === "tcp" ? {} : { timeout: { [listener]: { perRequest: duration(0) } } }),
        };
      }),
      serviceDiscovery: { dns: { hostname: host } },
    },
  };
}

export function externalRouter({ name, namespace, ports }: ExternalHost, spelling: Spelling): RouterModel {
  return {
    name,
    namespace,
    listeners: ports.map(({ port, protocol }) => ({
      portMapping: { port, protocol: listenerProtocol(protocol) },
    })),
    routes: ports.map(({ port, protocol }) =>
      plainRoute(`port-${port}`, {
        protocol: listenerProtocol(protocol),
        port,
        targets: [{ ...spelling.node({ name, namespace }), port, weight: 1 }],
      }),
    ),
  };
}
