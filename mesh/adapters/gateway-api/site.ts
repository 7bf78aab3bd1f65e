import type { RouteSite } from "../../gateway-api";
import { Lookup } from "../../intent/lookup";
import type { NormalizedIntent } from "../../intent/types";
import type { ClusterFeatures } from "../../types";
import type { GatewayApiOptions } from "./options";

/** What plans are made from. */
export interface Site {
  readonly intent: NormalizedIntent;
  readonly options: GatewayApiOptions;
  readonly cluster: ClusterFeatures;
}

/** The version that kinds of connections have in the cluster's bundle; undefined where it does not serve them. */
export function connectionVersions(
  { version, channel }: GatewayApiOptions,
  { gatewayApi }: ClusterFeatures,
): { readonly TLSRoute: string | undefined; readonly TCPRoute: string | undefined } {
  const [, minor = 0] = (gatewayApi.version ?? version).replace(/^v/, "").split(".").map(Number);
  const early = channel === "experimental" ? "v1alpha2" : undefined;
  return { TLSRoute: minor >= 5 ? "v1" : early, TCPRoute: minor >= 6 ? "v1" : early };
}

/** Nothing is known of who carries the routes but what the API promises. */
export function routeSite({ intent, options, cluster }: Site): RouteSite {
  const { TLSRoute = "v1", TCPRoute = "v1" } = connectionVersions(options, cluster);
  return {
    intent,
    lookup: new Lookup(intent),
    dialect: {
      versions: { TLSRoute, TCPRoute, ReferenceGrant: "v1beta1" },
      retry: options.channel === "experimental",
      // The API leaves the place of expressions open; routes that are the same last and first are the same anywhere.
      regex: "last",
    },
    gatewayNamespace: options.gateways?.namespace ?? "",
    gatewayName: (gateway) => gateway,
  };
}
