import type { ClusterFeatures } from "../../types";
import type { LinkerdOptions } from "./options";

/** The first edge release that reads TLSRoutes as the Gateway API's standard channel has them. */
const READS_TLS_V1 = [26, 9, 1];

/** In which version Linkerd finds TLSRoutes on this cluster; undefined where it finds none. */
export function tlsRouteVersion(
  { version }: LinkerdOptions,
  { gatewayApi }: ClusterFeatures,
): "v1" | "v1alpha2" | undefined {
  const linkerd = version.replace("edge-", "").split(".").map(Number);
  if (!isBefore(linkerd, READS_TLS_V1) && !isBefore(bundle(gatewayApi.version), [1, 5])) return "v1";
  return hasExperimental(gatewayApi) ? "v1alpha2" : undefined;
}

/** Linkerd reads TCPRoutes as only the experimental channel serves them. */
export function tcpRouteVersion({ gatewayApi }: ClusterFeatures): "v1alpha2" | undefined {
  return hasExperimental(gatewayApi) ? "v1alpha2" : undefined;
}

/** Clusters that install the Gateway API themselves have its standard channel. */
function hasExperimental({ owner }: ClusterFeatures["gatewayApi"]): boolean {
  return owner !== "cluster";
}

/** Where nobody says, it is the newest that Linkerd knows. */
function bundle(version = "1.5.1"): number[] {
  return version.replace(/^v/, "").split(".").map(Number);
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const differing = other.findIndex((part, i) => part !== version[i]);
  return differing !== -1 && (version[differing] ?? 0) < (other[differing] ?? 0);
}
