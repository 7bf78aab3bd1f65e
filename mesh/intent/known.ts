import type { Gateway, Listener, Protocol, Route, Service } from "./types";

/** Services by key, for filling in what refers to them. */
export type KnownServices = ReadonlyMap<string, Service>;

/** What may be sent through a port, by what the port says it carries. */
const CARRIED_BY: Readonly<Record<Route["kind"], ReadonlySet<Protocol>>> = {
  http: new Set<Protocol>(["http", "http2", "grpc"]),
  // gRPC needs HTTP/2.
  grpc: new Set<Protocol>(["http2", "grpc"]),
  tcp: new Set<Protocol>(["tcp", "tls"]),
  tls: new Set<Protocol>(["tls"]),
};

/** Whether a port can carry what routes of a kind send. */
export function carries(protocol: Protocol, kind: Route["kind"]): boolean {
  return CARRIED_BY[kind].has(protocol);
}

/** The port of a service that can carry what routes of a kind send; undefined where none or several can. */
export function onlyPort(service: Service | undefined, kind: Route["kind"]): number | undefined {
  const fitting = (service?.ports ?? []).filter(({ protocol }) => carries(protocol, kind));
  return fitting.length === 1 ? fitting[0]?.port : undefined;
}

/** What gateways read request by request. */
const READ: ReadonlySet<Listener["protocol"]> = new Set<Listener["protocol"]>(["http", "https", "grpc"]);

/** The listeners of a gateway that can carry what routes of a kind send. */
export function listenersFor({ listeners }: Gateway, kind: Route["kind"]): readonly Listener[] {
  if (kind === "tcp" || kind === "tls") return listeners.filter(({ protocol }) => protocol === kind);
  return listeners.filter(({ protocol }) => READ.has(protocol));
}
