import type { DnsZone } from "./dns";
import type { EndpointSlice, Service } from "./k8s";

const SERVICE = "kubernetes.io/service-name";
const DOMAIN = "svc.cluster.local";

/** Names of cluster DNS: Services by their cluster IP, headless ones by their ready endpoints (and those by hostname). */
export function dnsZone(services: Iterable<Service>, slices: Iterable<EndpointSlice>): DnsZone {
  const addresses = new Map<string, string[]>();
  const aliases = new Map<string, string>();
  const headless = new Set<string>();
  for (const { metadata, spec } of services) {
    const name = `${metadata.name}.${metadata.namespace}.${DOMAIN}`;
    if (spec.type === "ExternalName")
      aliases.set(name, (spec.externalName ?? "").toLowerCase().replace(/\.$/, ""));
    else if (spec.clusterIP === undefined || spec.clusterIP === "None") {
      headless.add(name);
      addresses.set(name, []);
    } else addresses.set(name, [spec.clusterIP]);
  }
  for (const { metadata, addressType, endpoints = [] } of slices) {
    const name = `${metadata.labels?.[SERVICE] ?? ""}.${metadata.namespace}.${DOMAIN}`;
    if (addressType !== "IPv4" || !headless.has(name)) continue;
    for (const endpoint of endpoints) {
      if (endpoint.conditions?.ready === false) continue;
      addresses.get(name)?.push(...endpoint.addresses);
      if (endpoint.hostname !== undefined)
        addresses.set(`${endpoint.hostname}.${name}`, [...endpoint.addresses]);
    }
  }
  return { addresses, aliases };
}
