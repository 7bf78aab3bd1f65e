import type { CapabilityTable } from "../../../capability/types";
import { sidecarPlatform } from "./platform";
import { beforePrefixRedirect, virtualServiceRouting } from "./routing";
import { sidecarSecurity } from "./security";
import { destinationRuleTraffic } from "./traffic";

/** Istio with sidecars and its own route objects, of a version as in `1.31.0`. */
export function sidecarTable(version: string): CapabilityTable {
  return {
    ...virtualServiceRouting,
    ...(/^1\.(29|30)\./.test(version) ? beforePrefixRedirect : {}),
    ...destinationRuleTraffic,
    ...sidecarSecurity,
    ...sidecarPlatform,
  };
}
