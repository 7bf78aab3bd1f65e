import { shortHash } from "../../../lib";
import type { Service } from "../../intent/types";
import type { IstioOptions } from "./options";

/** Where Istio's control plane and its mesh-wide policies live. */
export const ROOT_NAMESPACE = "istio-system";

/** The name that a service has for the proxies. */
export function hostOf({ name, namespace }: Pick<Service, "name" | "namespace">): string {
  return `${name}.${namespace}.svc.cluster.local`;
}

/** An identity as AuthorizationPolicy names it: the SPIFFE id without its scheme. */
export function principalOf(
  account: { namespace: string; serviceAccount: string },
  trustDomain: string,
): string {
  return `${trustDomain}/ns/${account.namespace}/sa/${account.serviceAccount}`;
}

/** A gateway's release, Deployment, Service and service account. */
export function gatewayRelease(gateway: string): string {
  return `${gateway}-gateway`;
}

/** Labels by which Gateway objects and policies find a gateway's pods. */
export function gatewaySelector(gateway: string): { readonly istio: string } {
  return { istio: gatewayRelease(gateway) };
}

/** The name of what a gateway does for a host. A digest follows where the host's own form had to change. */
export function gatewayHostName(gateway: string, host: string): string {
  const plain = host.replaceAll(".", "-").replace("*", "any").slice(0, 180);
  return /[*-]/.test(host) || host.length > 180
    ? `${gateway}-${plain}-${shortHash(host)}`
    : `${gateway}-${plain}`;
}

/** The label that has a namespace's pods injected, by this revision where there is one. */
export function injectionLabels(options: IstioOptions): { readonly [label: string]: string } {
  const revision = revisionLabel(options);
  return revision === undefined ? { "istio-injection": "enabled" } : { "istio.io/rev": revision };
}

/** What `istio.io/rev` says on namespaces and pods: the first tag, else the revision; nothing for the default revision. */
export function revisionLabel({ revision, revisionTags }: IstioOptions): string | undefined {
  return revisionTags[0] ?? revision;
}

/** The name of an external authorizer among the mesh's extension providers. */
export function authorizerName(name: string): string {
  return `authz-${name}`;
}

/** The name of the collector of traces among the mesh's extension providers. */
export const TRACING_PROVIDER = "tracing";

/** A Service's full name for `otel.tracing.svc`; every other host as it is. */
export function clusterHost(host: string): string {
  return host.endsWith(".svc") ? `${host}.cluster.local` : host;
}

export function isClusterHost(host: string): boolean {
  return host.endsWith(".svc.cluster.local");
}
