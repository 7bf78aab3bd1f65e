import { errorAt, type Diagnostic, type JsonObject } from "../../../lib";
import type { ExternalService } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { isClusterHost } from "./names";
import type { Site } from "./site";
import { collectorOf } from "./telemetry";

/** What lies outside the mesh and is known to it: what the intent names, and a collector of traces out there. */
export function egressObjects(site: Site): KubeObject[] {
  const { intent } = site;
  const collector = collectorOf(site);
  return [
    ...(intent.egress?.external ?? []).flatMap((external) => serviceEntries(external, site)),
    ...(collector === undefined || isClusterHost(collector.service)
      ? []
      : [
          entry("tracing-collector", {
            site,
            hosts: [collector.service],
            ports: [{ port: collector.port, protocol: "grpc" }],
          }),
        ]),
  ];
}

/** Names under a wildcard cannot be resolved beforehand, so they stand apart from those that can. */
function serviceEntries({ name, hosts, ports }: ExternalService, site: Site): KubeObject[] {
  const plain = hosts.filter((h) => !h.startsWith("*"));
  const wild = hosts.filter((h) => h.startsWith("*"));
  return [
    ...(plain.length === 0 ? [] : [entry(name, { site, hosts: plain, ports })]),
    ...(wild.length === 0 ? [] : [entry(`${name}-any`, { site, hosts: wild, ports })]),
  ];
}

interface Outside {
  readonly site: Site;
  readonly hosts: readonly string[];
  readonly ports: ExternalService["ports"];
}

function entry(name: string, { site, hosts, ports }: Outside): KubeObject {
  const spec: JsonObject = {
    hosts,
    location: "MESH_EXTERNAL",
    resolution: hosts.some((h) => h.startsWith("*")) ? "NONE" : "DNS",
    ports: ports.map(({ port, protocol }) => ({
      name: `${protocol}-${port}`,
      number: port,
      protocol: protocol.toUpperCase(),
    })),
  };
  return kubeObject({
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    name,
    namespace: site.rootNamespace,
    spec,
  });
}

/** A TCP connection says nothing of the name it is for: several names on one port are one to the proxies. */
export function egressFaults({ intent }: Site): Diagnostic[] {
  const external = intent.egress?.external ?? [];
  const tcp = external.flatMap((e) =>
    e.ports.filter((p) => p.protocol === "tcp").map((p) => ({ e, port: p.port })),
  );
  return tcp.flatMap(({ e, port }, i): Diagnostic[] => {
    const shared = tcp.slice(0, i).find((other) => other.port === port)?.e;
    const hint = "give the port a protocol that names its host: tls, https or http";
    if (e.hosts.length > 1) {
      const message = `Istio cannot tell the hosts of ${e.name} apart on its TCP port ${port}`;
      return [errorAt(e.at, { code: "unsupported-external", message, hint })];
    }
    if (shared === undefined) return [];
    const message = `Istio cannot tell ${e.name} from ${shared.name}: both have the TCP port ${port}`;
    return [errorAt(e.at, { code: "unsupported-external", message, hint })];
  });
}
