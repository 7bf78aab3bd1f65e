import type { Protocol, Service } from "../../intent/types";

/** A protocol as Consul names it: what it does not look into is tcp. */
export function consulProtocol(protocol: Protocol | "https"): "http" | "http2" | "grpc" | "tcp" {
  switch (protocol) {
    case "http":
    case "http2":
    case "grpc":
      return protocol;
    case "https":
    case "tcp":
    case "tls":
      return "tcp";
  }
}

/** A service of Consul's has one port, and so one protocol. */
export function protocolOf({ ports }: Service): "http" | "http2" | "grpc" | "tcp" {
  const [first] = ports;
  return first === undefined ? "tcp" : consulProtocol(first.protocol);
}

/** Whether a service takes requests, which routes and permissions can tell apart. */
export function takesRequests(service: Service): boolean {
  return protocolOf(service) !== "tcp";
}
