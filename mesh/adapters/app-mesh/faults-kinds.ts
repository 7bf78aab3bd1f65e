import { errorAt, type Diagnostic } from "../../../lib";
import type { Route } from "../../intent/types";
import { listenerProtocol, type ListenerProtocol } from "./protocols";
import type { Site } from "./site";

/** App Mesh's bounds of what a router or a gateway has. */
const MOST_ROUTES = 50;
const LISTENER_KINDS: Readonly<Record<ListenerProtocol, Route["kind"]>> = {
  http: "http",
  http2: "http",
  grpc: "grpc",
  tcp: "tcp",
};

/** Routes of another kind than the port that they are for, and more of them than App Mesh takes. */
export function kindFaults({ intent, lookup }: Site): Diagnostic[] {
  return intent.routes.flatMap((route) => {
    if (route.for.kind !== "service") return [];
    const { service: key, port: number } = route.for;
    const port = lookup.service(key)?.ports.find((p) => p.port === number);
    if (port === undefined) return [];
    const protocol = listenerProtocol(port.protocol);
    if (LISTENER_KINDS[protocol] === route.kind) return [];
    return [
      errorAt([...route.at, "for"], {
        code: "unsupported-route-kind",
        message: `App Mesh routes a port of the protocol ${protocol} with ${LISTENER_KINDS[protocol]} routes only`,
        hint: `write the route with kind: ${LISTENER_KINDS[protocol]}, or give the port another protocol`,
      }),
    ];
  });
}

/** Routers with more routes than App Mesh's quota. */
export function countFaults(
  routers: readonly {
    readonly name: string;
    readonly namespace: string;
    readonly routes: readonly unknown[];
  }[],
  { intent }: Site,
): Diagnostic[] {
  return routers
    .filter((r) => r.routes.length > MOST_ROUTES)
    .map((r) => {
      const service = intent.services.find((s) => s.name === r.name && s.namespace === r.namespace);
      const gateway = intent.gateways.find((g) => g.name === r.name);
      return errorAt(service?.at ?? gateway?.at ?? [], {
        code: "too-many-routes",
        message: `${r.name} would have ${r.routes.length} routes in App Mesh, which takes ${MOST_ROUTES}`,
        hint: "a prefix counts twice, and each match once; write fewer",
      });
    });
}
