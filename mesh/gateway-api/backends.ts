import type { JsonObject } from "../../lib";
import type { NormalizedIntent, Service } from "../intent/types";
import type { Lookup } from "../intent/lookup";
import { kubeObject } from "../plan/objects";
import type { KubeObject } from "../plan/types";

/** Whom a route or mirror names. */
export interface BackendName {
  readonly service: string;
  readonly version?: string;
  readonly port?: number;
}

/** The Kubernetes Service that has the endpoints of one version of a service: the Gateway API knows no subsets. */
export function versionServiceName(service: Service, version: string): string {
  return `${service.name}-${version}`;
}

/** `backendRefs[]` without a weight. `from` is the namespace of the route. */
export function backendRef(
  { service: key, version, port }: BackendName,
  { lookup, from }: { lookup: Lookup; from: string },
): JsonObject {
  const service = lookup.service(key);
  if (service === undefined) return { group: "", kind: "Service", name: key };
  return {
    group: "",
    kind: "Service",
    name: version === undefined ? service.name : versionServiceName(service, version),
    ...(service.namespace === from ? {} : { namespace: service.namespace }),
    ...((port ?? onlyPort(service)) === undefined ? {} : { port: port ?? onlyPort(service) ?? 0 }),
  };
}

function onlyPort({ ports }: Service): number | undefined {
  return ports.length === 1 ? ports[0]?.port : undefined;
}

/** Services for the versions that routes name, in the order of their names. */
export function versionServices(intent: NormalizedIntent): KubeObject[] {
  const used = usedVersions(intent);
  return intent.services.flatMap((service) =>
    service.versions
      .filter((version) => used.has(`${service.key} ${version.name}`))
      .map((version) => versionService(service, version.name)),
  );
}

export function versionService(service: Service, version: string): KubeObject {
  const labels = service.versions.find((v) => v.name === version)?.labels ?? {};
  return kubeObject({
    apiVersion: "v1",
    kind: "Service",
    name: versionServiceName(service, version),
    namespace: service.namespace,
    spec: {
      ports: service.ports.map(({ port, targetPort, protocol }) => ({
        appProtocol: protocol,
        name: `${protocol}-${port}`,
        port,
        protocol: "TCP",
        targetPort,
      })),
      selector: { ...service.selector, ...labels },
    },
  });
}

/** `service version` of every version that a backend or mirror names. */
export function usedVersions({ routes }: NormalizedIntent): ReadonlySet<string> {
  const used = new Set<string>();
  for (const route of routes) {
    for (const rule of route.rules) {
      const named: readonly BackendName[] =
        "mirrors" in rule && rule.mirrors.length > 0 ? [...rule.backends, ...rule.mirrors] : rule.backends;
      for (const { service, version } of named) if (version !== undefined) used.add(`${service} ${version}`);
    }
  }
  return used;
}
