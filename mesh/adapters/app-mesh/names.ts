import type { ExternalService, NormalizedIntent, Service, ServiceVersion } from "../../intent/types";
import type { Place } from "./model";
import type { AppMeshOptions } from "./options";

/** Where App Mesh's controller runs. */
export const CONTROLLER_NAMESPACE = "appmesh-system";
/** Where the resources of hosts outside the mesh are kept, apart from everybody's own. */
export const EGRESS_NAMESPACE = "appmesh-egress";

/** The node of a service's version, or of the whole service. */
export function nodePlace({ name, namespace }: Service, version?: string): Place {
  return { name: version === undefined ? name : `${name}-${version}`, namespace };
}

/** What callers call a service. */
export function hostOf({ name, namespace, workloads }: Service, { discovery }: AppMeshOptions): string {
  if (workloads === "kubernetes") return `${name}.${namespace}.svc.cluster.local`;
  const domain = discovery?.kind === "dns" ? discovery.domain : discovery?.namespace;
  return [name, namespace, ...(domain === undefined ? [] : [domain])].join(".");
}

/** The Service without an address of its own, whose name stands for the addresses of a node's pods. */
export function headlessName(service: Service, version?: ServiceVersion): string {
  return `${nodePlace(service, version?.name).name}-endpoints`;
}

/** Virtual service, router and node of one host outside the mesh. */
export function externalPlace({ name }: ExternalService, i: number): Place {
  return { name: i === 0 ? `external-${name}` : `external-${name}-${i}`, namespace: EGRESS_NAMESPACE };
}

/** A gateway's Deployment, Service and service account. */
export function gatewayRelease(gateway: string): string {
  return `${gateway}-gateway`;
}

/** A proxy's identity. */
export function spiffeId(
  account: { readonly namespace: string; readonly serviceAccount: string },
  { mtls }: NormalizedIntent,
): string {
  return `spiffe://${mtls.trustDomain}/ns/${account.namespace}/sa/${account.serviceAccount}`;
}
