import { errorAt, type Diagnostic, type JsonObject } from "../../../lib";
import { GROUP } from "../../gateway-api";
import type { ExternalService } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { tlsRouteVersion } from "./gateway-api";
import { EGRESS_NAMESPACE, POLICY } from "./names";
import type { Site } from "./site";

/** All that is not the cluster's, as callers of every namespace see it. */
const NETWORK = "outside";

type Port = ExternalService["ports"][number];

/** Who may leave the mesh, and, where not everyone may, one route for each host and port that may be called. */
export function egressObjects({ intent, options, cluster }: Site): KubeObject[] {
  const { egress } = intent;
  if (egress === undefined) return [];
  const network = kubeObject({
    apiVersion: `${POLICY}/v1alpha1`,
    kind: "EgressNetwork",
    name: NETWORK,
    namespace: EGRESS_NAMESPACE,
    spec: { trafficPolicy: egress.default === "deny" ? "Deny" : "Allow" },
  });
  if (egress.default === "allow") return [network];
  const version = tlsRouteVersion(options, cluster) ?? "v1";
  return [network, ...egress.external.flatMap((e) => e.ports.flatMap((port) => route(e, { port, version })))];
}

function route(
  { name, hosts }: ExternalService,
  { port, version }: { readonly port: Port; readonly version: string },
): KubeObject[] {
  const kind = KINDS[port.protocol];
  if (kind === undefined) return [];
  const backend: JsonObject = { group: POLICY, kind: "EgressNetwork", name: NETWORK };
  const hostnames = hosts.includes("*") ? {} : { hostnames: hosts };
  return [
    kubeObject({
      apiVersion: `${GROUP}/${kind === "TLSRoute" ? version : "v1"}`,
      kind,
      name: `${name}-${port.port}`,
      namespace: EGRESS_NAMESPACE,
      spec: {
        parentRefs: [{ ...backend, namespace: EGRESS_NAMESPACE, port: port.port }],
        ...hostnames,
        rules: [{ backendRefs: [backend] }],
      },
    }),
  ];
}

/** How Linkerd learns the host that is called: from the request, or from the TLS handshake. */
const KINDS: Readonly<Record<Port["protocol"], "HTTPRoute" | "GRPCRoute" | "TLSRoute" | undefined>> = {
  http: "HTTPRoute",
  http2: "HTTPRoute",
  grpc: "GRPCRoute",
  tls: "TLSRoute",
  https: "TLSRoute",
  tcp: undefined,
};

/** Whether the plan has TLSRoutes for hosts outside. */
export function needsTlsRoutes({ intent }: Pick<Site, "intent">): boolean {
  const { egress } = intent;
  if (egress?.default !== "deny") return false;
  return egress.external.some((e) => e.ports.some((p) => KINDS[p.protocol] === "TLSRoute"));
}

/** Hosts that Linkerd could not tell from any other. */
export function egressFaults(site: Site): Diagnostic[] {
  const { egress } = site.intent;
  if (egress?.default !== "deny") return [];
  const { cluster, options } = site;
  const unread = needsTlsRoutes(site) && tlsRouteVersion(options, cluster) === undefined;
  return egress.external.flatMap(({ name, hosts, ports, at }) => {
    const raw = ports.some((p) => KINDS[p.protocol] === undefined);
    const everySni = hosts.includes("*") && ports.some((p) => KINDS[p.protocol] === "TLSRoute");
    return [
      ...(raw ? [fault(at, `${name} has a port of protocol tcp, and its connections name no host`)] : []),
      ...(everySni ? [fault(at, `${name} is every host, and a TLSRoute of Linkerd's must name hosts`)] : []),
      ...(unread && ports.some((p) => KINDS[p.protocol] === "TLSRoute")
        ? [fault(at, "this Linkerd reads no TLSRoutes of the cluster's Gateway API")]
        : []),
    ];
  });
}

function fault(at: Diagnostic["path"], message: string): Diagnostic {
  return errorAt(at, {
    code: "unsupported-egress",
    message,
    hint: "say protocol: tls, http or grpc, and the host by name",
  });
}
