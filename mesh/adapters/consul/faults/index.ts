import type { Diagnostic, FieldPath } from "../../../../lib";
import type { ClusterFeatures } from "../../../types";
import type { Site } from "../site";
import { accessFaults } from "./access";
import { backendFaults } from "./backends";
import { egressFaults } from "./egress";
import { externalAuthorizationFaults } from "./external-authorization";
import { gatewayFaults } from "./gateways";
import { gatewayRouteFaults } from "./gateway-routes";
import { mtlsFaults } from "./mtls";
import { nameFaults } from "./names";
import { routeFaults } from "./routes";
import { siteFaults } from "./site";
import { trafficFaults } from "./traffic";

export interface Place {
  readonly cluster: ClusterFeatures;
  /** Where the mesh's options are written. */
  readonly at: FieldPath;
}

/** Everything that Consul can do by itself and not in this combination, by these values, or on this cluster. */
export function faultsOf(site: Site, place: Place): Diagnostic[] {
  return [
    ...siteFaults(site, place),
    ...nameFaults(site),
    ...mtlsFaults(site),
    ...accessFaults(site),
    ...externalAuthorizationFaults(site),
    ...routeFaults(site),
    ...backendFaults(site),
    ...trafficFaults(site),
    ...gatewayFaults(site, place),
    ...gatewayRouteFaults(site),
    ...egressFaults(site),
  ];
}
