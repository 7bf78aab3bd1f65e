import type { Request } from "../../../mesh/semantics";
import { isHttpLike } from "../../../mesh/intent/types";
import { clusterIp, STRANGER_IP } from "../lab/addresses";
import type { Line } from "../lab/traffic/call";
import type { Bench } from "./bench";

/** Where a request goes in; or why the laboratory cannot send it. */
export type Entrance =
  | { readonly kind: "open"; readonly lines: readonly Line[] }
  | { readonly kind: "skip"; readonly why: string };

const skip = (why: string): Entrance => ({ kind: "skip", why });

/** A gateway's own identity, as the gateway chart's release has it. */
const gatewayPrincipal = (trustDomain: string, gateway: string): string =>
  `spiffe://${trustDomain}/ns/istio-ingress/sa/${gateway}-gateway`;

/**
 * Callers with a proxy call through it; all others call the pods by themselves, one after the other.
 */
export async function entrance({ from, to }: Request, bench: Bench): Promise<Entrance> {
  if (from.address?.includes(":") === true) return skip("callers have IPv4 addresses here");
  if (to.kind === "gateway") return skip("gateways have a suite of their own");
  if (from.kind === "service") return throughSidecar(from.service, to, bench);
  if (to.kind === "external") return skip("whoever has no proxy is not the mesh's to stop");
  const service = bench.intent.services.find((s) => s.key === to.service);
  const port = service?.ports.find((p) => p.port === to.port);
  if (port === undefined) return skip("nothing listens there");
  const source = { from: from.address ?? STRANGER_IP };
  const pods = bench.scene.pods.filter((p) => p.service.key === to.service);
  const lines = pods.map(({ ip }) => ({ host: ip, port: port.targetPort, ...source }));
  if (from.kind === "unmeshed") return { kind: "open", lines };
  const { trustDomain } = bench.intent.mtls;
  const principal = from.kind === "principal" ? from.principal : gatewayPrincipal(trustDomain, from.gateway);
  const as = await bench.lab.authority.identity(principal);
  return { kind: "open", lines: lines.map((line) => ({ ...line, as })) };
}

function throughSidecar(
  service: string,
  to: Exclude<Request["to"], { kind: "gateway" }>,
  { scene, intent }: Bench,
): Entrance {
  const pod = scene.pods.find((p) => p.service.key === service);
  const sidecar = pod && scene.sidecars[pod.slot];
  if (sidecar === undefined) return skip(`${service} has no pod`);
  const index = to.kind === "service" ? intent.services.findIndex((s) => s.key === to.service) : -1;
  const port = intent.services[index]?.ports.find((p) => p.port === to.port);
  const own = port === undefined || isHttpLike(port.protocol) ? "0.0.0.0" : clusterIp(index);
  const line =
    sidecar.outbound.get(`${own}:${to.port}`) ??
    // What no listener is for is caught by the one that takes everything.
    sidecar.outbound.get("0.0.0.0:15001");
  return line === undefined ? skip("the sidecar catches nothing") : { kind: "open", lines: [line] };
}
