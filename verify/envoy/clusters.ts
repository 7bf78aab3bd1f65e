import type { Metadata } from "../xds/types";

/** Where a cluster leads, by its name: `outbound|<port>|<subset>|<name>.<namespace>.svc.<domain>`. */
export interface ClusterTarget {
  /** `namespace/name`. */
  readonly service: string;
  readonly port: number;
  /** Empty for the whole service. */
  readonly subset: string;
}

/** Undefined for clusters that lead to no Kubernetes Service. */
export function parseCluster(name: string): ClusterTarget | undefined {
  const [direction, port = "", subset = "", host = ""] = name.split("|");
  const [service, namespace, svc] = host.split(".");
  if (direction !== "outbound" || svc !== "svc" || service === undefined || namespace === undefined)
    return undefined;
  return { service: `${namespace}/${service}`, port: Number(port), subset };
}

const KINDS: { readonly [path: string]: string } = {
  "virtual-service": "VirtualService",
  "destination-rule": "DestinationRule",
  "envoy-filter": "EnvoyFilter",
};

/** The object that a piece of configuration comes from, as istiod notes it: `VirtualService shop/cart`. */
export function sourceOf(metadata: Metadata | undefined): string | undefined {
  const path = metadata?.filterMetadata?.["istio"]?.fields?.["config"]?.stringValue;
  const [, namespace, kind = "", name] = /\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path ?? "") ?? [];
  return namespace === undefined ? undefined : `${KINDS[kind] ?? kind} ${namespace}/${name}`;
}
