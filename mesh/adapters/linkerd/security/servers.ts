import {
  isHttpLike,
  type Access,
  type MtlsMode,
  type Protocol,
  type Service,
  type ServicePort,
} from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import { mtlsMode } from "../../../semantics/mtls";
import { POLICY, serverName } from "../names";
import type { Site } from "../site";

/** A port of a service's pods, which Linkerd calls a Server, and who may come in there. */
export interface Door {
  readonly name: string;
  readonly service: Service;
  readonly targetPort: number;
  readonly protocol: Protocol;
  readonly mode: MtlsMode;
  /** Whether only `allows` come in, or everyone that `mode` takes. */
  readonly closed: boolean;
  /** Whether what comes in is logged. */
  readonly audited: boolean;
  readonly allows: readonly Access[];
}

/** The doors of a service, one for each port of its pods. */
export function doorsOf(service: Service, { intent }: Site, access: readonly Access[]): Door[] {
  const allows = access.filter((a) => a.action === "allow");
  const closed = allows.length > 0 || intent.authorization.default === "deny";
  return service.ports.filter(isFirst).map((port) => {
    const same = service.ports.filter((p) => p.targetPort === port.targetPort);
    const here = (a: Access): boolean =>
      a.to.ports.length === 0 || same.some((p) => a.to.ports.includes(p.port));
    return {
      name: serverName(service, port.targetPort),
      service,
      targetPort: port.targetPort,
      protocol: port.protocol,
      mode: mtlsMode(service, port.port, intent).mode,
      closed,
      audited: access.some((a) => a.action === "audit" && here(a)),
      allows: allows.filter(here),
    };
  });
}

/** Several ports of a Service may lead to the same one of its pods, where there is one Server. */
function isFirst({ targetPort }: ServicePort, index: number, ports: readonly ServicePort[]): boolean {
  return ports.findIndex((p) => p.targetPort === targetPort) === index;
}

/** A Server with no policy of its own: it lets in whom `accessPolicy` says. */
export function server(door: Door): KubeObject {
  const { name, service, targetPort, protocol } = door;
  return kubeObject({
    apiVersion: `${POLICY}/v1beta3`,
    kind: "Server",
    name,
    namespace: service.namespace,
    spec: {
      accessPolicy: accessPolicy(door),
      podSelector: { matchLabels: service.selector },
      port: targetPort,
      proxyProtocol: PROXY_PROTOCOL[protocol],
    },
  });
}

/** A Server without one would deny everyone, as `deny` does. */
function accessPolicy({ closed, mode, audited }: Door): string {
  if (closed) return "deny";
  if (mode === "strict") return "all-authenticated";
  return audited ? "audit" : "all-unauthenticated";
}

/** `gRPC` would take GRPCRoutes alone, and no rate limit. */
const PROXY_PROTOCOL: Readonly<Record<Protocol, string>> = {
  http: "HTTP/1",
  http2: "HTTP/2",
  grpc: "HTTP/2",
  tcp: "opaque",
  tls: "TLS",
};

/** Allows that hold for whole connections. */
export function connectionAllows({ allows }: Door): readonly Access[] {
  return allows.filter((a) => a.operations.length === 0);
}

/** Allows that hold for some requests only; no port has any that carries no requests. */
export function requestAllows({ allows, protocol }: Door): readonly Access[] {
  return isHttpLike(protocol) ? allows.filter((a) => a.operations.length > 0) : [];
}
