import type { Request } from "../../../../mesh/semantics";
import { isHttpLike, type NormalizedIntent } from "../../../../mesh/intent/types";
import { STRANGER_IP } from "../addresses";
import { meshTls } from "../traffic/call";
import type { Pod } from "./pods";
import type { Block } from "../addresses";
import type { Authority } from "../certificates";
import { skip, type Entrance } from "../ground";
import type { Direct } from "./direct";

type To<K extends Request["to"]["kind"]> = Extract<Request["to"], { kind: K }>;

/** What an intent at work consists of. */
export interface Stage {
  readonly intent: NormalizedIntent;
  readonly pods: readonly Pod[];
  /** By slot. */
  readonly proxies: readonly Direct[];
  readonly clusterIps: Block;
  readonly authority: Authority;
}

/** The request with the addresses that pods have here in place of those that it speaks of, and IPv4 ones only. */
export function placed(request: Request, pods: readonly Pod[]): Request {
  const { from, to } = request;
  const { address, ...rest } = from;
  const own = from.kind === "service" ? podOf(pods, from.service)?.ip : ipv4(address);
  const door = to.kind === "gateway" ? pods.find((p) => p.of.gateway === to.gateway)?.ip : undefined;
  return {
    ...request,
    from: { ...rest, ...(own !== undefined && { address: own }) },
    to: door === undefined ? to : { ...to, ...(to.kind === "gateway" && { address: door }) },
  };
}

const ipv4 = (address: string | undefined): string | undefined =>
  address?.includes(":") === true ? undefined : address;

const podOf = (pods: readonly Pod[], service: string): Pod | undefined =>
  pods.find((p) => p.of.service?.key === service);

/** Callers with a proxy call through it; all others call gateways, or the pods by themselves, one after the other. */
export async function entrance({ from, to, call }: Request, stage: Stage): Promise<Entrance> {
  const source = { from: from.address ?? STRANGER_IP };
  if (to.kind === "gateway") return atGateway(to, call, stage, source);
  if (from.kind === "service") return throughProxy(from.service, to, stage);
  if (to.kind === "external") return skip("whoever has no proxy is not the mesh's to stop");
  const service = stage.intent.services.find((s) => s.key === to.service);
  const port = service?.ports.find((p) => p.port === to.port);
  // Nothing listens at a port that the service does not have.
  const target = port?.targetPort ?? to.port;
  const pods = stage.pods.filter((p) => p.of.service?.key === to.service);
  const lines = pods.map(({ ip }) => ({ host: ip, port: target, ...source }));
  if (from.kind === "unmeshed") return { kind: "open", lines };
  const principal = from.kind === "principal" ? from.principal : gatewayPrincipal(from.gateway, stage);
  if (principal === undefined) return skip("there is no such gateway");
  const tls = meshTls(await stage.authority.identity(principal));
  return { kind: "open", lines: lines.map((line) => ({ ...line, tls })) };
}

function gatewayPrincipal(gateway: string, { pods, intent }: Stage): string | undefined {
  const of = pods.find((p) => p.of.gateway === gateway)?.of;
  return of && `spiffe://${intent.mtls.trustDomain}/ns/${of.namespace}/sa/${of.serviceAccount}`;
}

function throughProxy(
  service: string,
  to: To<"service"> | To<"external">,
  { pods, proxies, clusterIps, intent }: Stage,
): Entrance {
  const pod = podOf(pods, service);
  const proxy = pod && proxies[pod.slot];
  if (proxy === undefined) return skip("the caller has no pod");
  const called = to.kind === "service" ? intent.services.find((s) => s.key === to.service) : undefined;
  const port = called?.ports.find((p) => p.port === to.port);
  const read = called === undefined || port === undefined || isHttpLike(port.protocol);
  const own = read ? "0.0.0.0" : clusterIps.of(called.key);
  const line =
    proxy.outbound.get(`${own}:${to.port}`) ??
    // What no listener is for is caught by the one that takes everything.
    proxy.outbound.get("0.0.0.0:15001");
  return line === undefined ? skip("the proxy catches nothing") : { kind: "open", lines: [line] };
}

function atGateway(
  { gateway, port }: To<"gateway">,
  call: Request["call"],
  { pods, intent }: Stage,
  source: { from: string },
): Entrance {
  const pod = pods.find((p) => p.of.gateway === gateway);
  if (pod === undefined) return skip("there is no such gateway");
  const listener = intent.gateways.find((g) => g.name === gateway)?.listeners.find((l) => l.port === port);
  const target = pod.of.ports.find((p) => p.port === port)?.targetPort ?? port;
  const line = { host: pod.ip, port: target, ...source };
  if (listener?.protocol !== "https") return { kind: "open", lines: [line] };
  const name = call.kind === "connection" ? call.sni : call.host?.replace(/:\d+$/, "");
  return { kind: "open", lines: [{ ...line, tls: { name: name ?? "" } }] };
}
