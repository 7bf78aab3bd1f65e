import type { Protocol } from "../../intent/types";

/** The protocols of App Mesh's listeners. */
export type ListenerProtocol = "http" | "http2" | "grpc" | "tcp";

/** App Mesh passes TLS of the applications through as TCP. */
export function listenerProtocol(protocol: Protocol | "https"): ListenerProtocol {
  return protocol === "tls" || protocol === "https" ? "tcp" : protocol;
}

/** The key under which specs have what is said of a protocol's routes. */
export function routeKey(protocol: ListenerProtocol): string {
  return `${protocol}Route`;
}

/** App Mesh's form of a length of time. */
export function duration(ms: number): { readonly unit: "s" | "ms"; readonly value: number } {
  return ms % 1000 === 0 ? { unit: "s", value: ms / 1000 } : { unit: "ms", value: ms };
}
