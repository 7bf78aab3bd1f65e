import type { RequestRule, Retry } from "../../../intent/types";
import { STANDARD_VERSIONS, type Dialect, type RouteSite } from "../../../gateway-api";
import { tcpRouteVersion, tlsRouteVersion } from "../gateway-api";
import type { Site } from "../site";

/** The intent's routes as Linkerd reads them. */
export function routeSite({ intent, lookup, options, cluster }: Omit<Site, "routes">): RouteSite {
  return {
    intent,
    lookup,
    dialect: {
      ...DIALECT,
      versions: {
        ...STANDARD_VERSIONS,
        TLSRoute: tlsRouteVersion(options, cluster) ?? "v1",
        TCPRoute: tcpRouteVersion(cluster) ?? "v1",
      },
    },
    gatewayNamespace: options.gateways?.namespace ?? "",
    gatewayName: (gateway) => gateway,
  };
}

const DIALECT: Omit<Dialect, "versions"> = {
  retry: false,
  // Linkerd has an order of its own, which orderFaults compares.
  regex: "first",
  annotations,
};

/** Retries are told by annotations of a whole route. */
export function annotations({ retry }: RequestRule): { readonly [name: string]: string } {
  if (retry === undefined || retry.retries === 0) return {};
  const { retries, perTryTimeoutMs } = retry;
  const statuses = statusesOf(retry);
  return {
    ...(statuses.length === 0 ? {} : { "retry.linkerd.io/http": statuses.join(",") }),
    "retry.linkerd.io/limit": String(retries),
    ...(perTryTimeoutMs === undefined
      ? {}
      : { "retry.linkerd.io/timeout": linkerdDuration(perTryTimeoutMs) }),
  };
}

/** Linkerd takes a whole number with one unit. */
export function linkerdDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/** The statuses after which Linkerd tries again. What fails on the way it always does, as far as it can at all. */
function statusesOf({ on }: Retry): string[] {
  return on.flatMap((condition) => {
    switch (condition) {
      case "5xx":
      case "gateway-error":
        return [condition];
      case "retriable-4xx":
        return ["409"];
      // An endpoint that takes no connection is not chosen; a refused stream is always tried again.
      case "connect-failure":
      case "refused-stream":
      case "reset":
        return [];
      default:
        return [String(condition)];
    }
  });
}
