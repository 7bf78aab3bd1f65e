import { consulName } from "../../../../mesh/adapters/consul/names";
import { metaKey } from "../../../../mesh/adapters/consul/workloads";
import type { NormalizedIntent, Service } from "../../../../mesh/intent/types";
import { appIp, outboundBlock, podIp } from "../addresses";

/** One instance of a service and its proxy. */
export interface Instance {
  readonly slot: number;
  readonly service: Service;
  readonly version?: string;
  /** Where its proxy takes what is for it. */
  readonly ip: string;
}

/** The port of every proxy. */
export const PROXY_PORT = 20_000;

export function instancesOf({ services }: NormalizedIntent): Instance[] {
  return services
    .flatMap((service): Omit<Instance, "slot" | "ip">[] =>
      service.versions.length === 0
        ? [{ service }]
        : service.versions.map(({ name }) => ({ service, version: name })),
    )
    .map((instance, slot) => ({ ...instance, slot, ip: podIp(slot) }));
}

/** Where the instance calls another service: its proxy has an address and port for each. */
export function upstreamAt(slot: number, index: number): { host: string; port: number } {
  return { host: `${outboundBlock(slot)}.1`, port: 10_000 + index };
}

export const proxyId = (epoch: number, slot: number): string => `e${epoch}-slot-${slot}-proxy`;

/** What `PUT /v1/agent/service/register` takes. */
export interface Registration {
  readonly ID: string;
  readonly [field: string]: unknown;
}

/** An instance as its machine's agent is told of it, and its proxy. New names with each intent, so that nothing lasts. */
export function registrations(
  { slot, service, version, ip }: Instance,
  { intent, epoch }: { intent: NormalizedIntent; epoch: number },
): Registration[] {
  const name = consulName(service);
  const id = `e${epoch}-slot-${slot}`;
  const port = service.ports[0]?.targetPort ?? 0;
  const labels = service.versions.find((v) => v.name === version)?.labels ?? {};
  const meta = Object.fromEntries(Object.entries(labels).map(([label, value]) => [metaKey(label), value]));
  const upstreams = intent.services.map((other, index) => {
    const at = upstreamAt(slot, index);
    return { DestinationName: consulName(other), LocalBindAddress: at.host, LocalBindPort: at.port };
  });
  const proxy = {
    DestinationServiceName: name,
    DestinationServiceID: id,
    LocalServiceAddress: appIp(slot),
    LocalServicePort: port,
    Upstreams: upstreams,
  };
  const sidecar = { ID: proxyId(epoch, slot), Name: `${name}-sidecar-proxy`, Kind: "connect-proxy" };
  return [
    { ID: id, Name: name, Address: appIp(slot), Port: port, Meta: meta },
    { ...sidecar, Address: ip, Port: PROXY_PORT, Meta: meta, Proxy: proxy },
  ];
}
