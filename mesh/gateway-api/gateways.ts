import type { JsonObject } from "../../lib";
import type { Gateway, Listener } from "../intent/types";
import { kubeObject } from "../plan/objects";
import type { KubeObject } from "../plan/types";
import { GROUP } from "./types";

export interface GatewaySeed {
  readonly name: string;
  readonly namespace: string;
  readonly className: string;
  readonly labels?: { readonly [label: string]: string };
  /** What else the object says: `addresses`, `infrastructure`. */
  readonly more?: JsonObject;
}

/** A Gateway with one listener for each host, open to the routes of its own namespace. */
export function gatewayObject(
  { listeners }: Gateway,
  { name, namespace, className, labels, more }: GatewaySeed,
): KubeObject {
  return kubeObject({
    apiVersion: `${GROUP}/v1`,
    kind: "Gateway",
    name,
    namespace,
    ...(labels === undefined ? {} : { labels }),
    spec: {
      ...more,
      gatewayClassName: className,
      listeners: listeners.flatMap((listener, i) =>
        // TCP carries no host to tell listeners by.
        (listener.protocol === "tcp" ? ["*"] : listener.hosts).map((host, j) => ({
          name: `${listener.protocol}-${listener.port}-${i}-${j}`,
          ...listenerOf(listener, host),
        })),
      ),
    },
  });
}

function listenerOf(listener: Listener, host: string): JsonObject {
  return {
    port: listener.port,
    protocol: protocolOf(listener),
    ...(host === "*" ? {} : { hostname: host }),
    ...tlsOf(listener),
    allowedRoutes: { namespaces: { from: "Same" } },
  };
}

/** gRPC is HTTP to the API, with a certificate HTTPS. */
function protocolOf({ protocol, tlsSecret }: Listener): string {
  switch (protocol) {
    case "http":
    case "grpc":
      return tlsSecret === undefined ? "HTTP" : "HTTPS";
    case "https":
      return "HTTPS";
    case "tls":
      return "TLS";
    case "tcp":
      return "TCP";
  }
}

function tlsOf({ protocol, tlsSecret }: Listener): JsonObject {
  if (protocol === "tls") return { tls: { mode: "Passthrough" } };
  if (tlsSecret === undefined) return {};
  return { tls: { mode: "Terminate", certificateRefs: [{ group: "", kind: "Secret", name: tlsSecret }] } };
}
