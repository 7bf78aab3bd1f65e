import type { CapabilityTable } from "../../../capability/types";
import type { ClusterFeatures } from "../../../types";
import type { LinkerdOptions } from "../options";
import { connectionRouting, gatewaySupport, platform, rolloutSupport } from "./platform";
import { requestRouting } from "./routing";
import { security } from "./security";
import { endpointTraffic } from "./traffic";

/** What Linkerd can do on a cluster, as configured. */
export function linkerdTable(options: LinkerdOptions, cluster: ClusterFeatures): CapabilityTable {
  return {
    ...requestRouting,
    ...connectionRouting(options, cluster),
    ...endpointTraffic,
    ...security,
    ...gatewaySupport(options, cluster),
    ...platform,
    ...rolloutSupport(options),
  };
}
