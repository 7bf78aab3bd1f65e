import type { Service } from "../../intent/types";

/** Where the control plane lives. Identities carry its name. */
export const SYSTEM_NAMESPACE = "linkerd";
export const CNI_NAMESPACE = "linkerd-cni";
/** Where EgressNetworks hold for clients of all namespaces. */
export const EGRESS_NAMESPACE = "linkerd-egress";

/** The group of Linkerd's own policies. */
export const POLICY = "policy.linkerd.io";

/** The port of a proxy's metrics, and of its own probes. */
export const ADMIN_PORT = 4191;

export const INBOUND_POLICY = "config.linkerd.io/default-inbound-policy";
export const ACCESS_LOG = "config.linkerd.io/access-log";

/** A workload's identity: the name in its certificate. */
export function identityOf(
  { namespace, serviceAccount }: { readonly namespace: string; readonly serviceAccount: string },
  trustDomain: string,
): string {
  return `${serviceAccount}.${namespace}.serviceaccount.identity.${SYSTEM_NAMESPACE}.${trustDomain}`;
}

/** Every identity of a namespace, as MeshTLSAuthentication takes it. */
export function anyIdentityOf(namespace: string, trustDomain: string): string {
  return `*.${namespace}.serviceaccount.identity.${SYSTEM_NAMESPACE}.${trustDomain}`;
}

const ACCOUNT = /^spiffe:\/\/([^/]+)\/ns\/([^/]+)\/sa\/([^/]+)$/;

/** Linkerd names workloads of Kubernetes its own way; every other identity keeps its SPIFFE form. */
export function identityOfPrincipal(principal: string): string {
  const [, trustDomain, namespace, serviceAccount] = ACCOUNT.exec(principal) ?? [];
  if (trustDomain === undefined || namespace === undefined || serviceAccount === undefined) return principal;
  return identityOf({ namespace, serviceAccount }, trustDomain);
}

/** The Server of a port of a service's pods. */
export function serverName({ name }: Service, targetPort: number): string {
  return `${name}-${targetPort}`;
}

/** The version of a chart of an edge release: 2026.6.3 for edge-26.6.3. */
export function chartVersion(version: string): string {
  return version.replace("edge-", "20");
}
