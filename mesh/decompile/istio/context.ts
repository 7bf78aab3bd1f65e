import { isDnsLabel } from "../../../lib";
import type { Draft, DraftService, Place } from "../draft";
import type { Field } from "../field";
import type { Manifests } from "../manifests";

/** Namespaces in which Istio's mesh-wide objects live, by who runs it. */
const ROOTS = ["istio-system", "aks-istio-system"];

/** What is known of a mesh while its objects are read. */
export interface Context {
  readonly manifests: Manifests;
  readonly draft: Draft;
  /** Names of the intent's gateways by `namespace/name` of their object. */
  readonly gatewayNames: Map<string, string>;
  /** Whether the mesh's own config was among the manifests. */
  configured: boolean;
  /** Hosts outside the mesh that it knows of. */
  readonly externalHosts: Set<string>;
}

export function isRoot(namespace: string): boolean {
  return ROOTS.includes(namespace);
}

/** The service that a host names: `reviews`, or `reviews.shop.svc.cluster.local`; undefined for any other host. */
export function placeOf(host: string, namespace: string): Place | undefined {
  if (isDnsLabel(host)) return { namespace, name: host };
  const [name = "", own = "", svc, ...domain] = host.split(".");
  if (svc !== "svc" || domain.length === 0 || !isDnsLabel(name) || !isDnsLabel(own)) return undefined;
  return { namespace: own, name };
}

/** The service that a field names by its host; a host outside the cluster is lost. */
export function serviceAt(
  field: Field,
  namespace: string,
  { draft, externalHosts }: Context,
): DraftService | undefined {
  const host = field.text();
  if (host === undefined) return undefined;
  const place = placeOf(host, namespace);
  if (place !== undefined) return draft.service(place, field.at);
  const outside = externalHosts.has(host);
  const message = outside
    ? `${host} is outside the mesh; in an intent routes and policies are of services in it`
    : `${JSON.stringify(host)} names no service of a cluster`;
  field.lose({ message });
  return undefined;
}
