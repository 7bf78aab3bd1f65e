import type { CapabilityTable } from "../../../capability/types";
import type { IstioOptions } from "../options";
import { gatewaysOnly, withoutWaypoints, withWaypoints } from "./ambient";
import { gatewayApiGateways, gatewayApiRollouts, gatewayApiRouting } from "./gateway-api";
import { joined, sidecarPlatform } from "./platform";
import { beforePrefixRedirect, virtualServiceRouting } from "./routing";
import { sidecarSecurity } from "./security";
import { destinationRuleTraffic } from "./traffic";

/** What Istio can do as configured. */
export function tableOf({ form, version, cluster }: IstioOptions): CapabilityTable {
  const clusters = cluster === undefined ? {} : joined;
  switch (form) {
    case "sidecar":
      return { ...sidecarTable(version), ...clusters };
    case "gatewayApi":
      return { ...gatewayApiTable(version), ...clusters };
    case "ambient":
      return { ...gatewayApiTable(version), ...gatewaysOnly(gatewayApiRouting), ...withoutWaypoints };
    case "waypoints":
      return { ...gatewayApiTable(version), ...withWaypoints };
  }
}

/** Istio with sidecars and its own route objects, of a version as in `1.31.0`. */
export function sidecarTable(version: string): CapabilityTable {
  return {
    ...virtualServiceRouting,
    ...beforeItCame(version),
    ...destinationRuleTraffic,
    ...sidecarSecurity,
    ...sidecarPlatform,
  };
}

function gatewayApiTable(version: string): CapabilityTable {
  return {
    ...sidecarTable(version),
    ...gatewayApiRouting,
    ...beforeItCame(version),
    ...gatewayApiGateways,
    ...gatewayApiRollouts,
  };
}

function beforeItCame(version: string): Partial<CapabilityTable> {
  return /^1\.(29|30)\./.test(version) ? beforePrefixRedirect : {};
}
