import type { Diagnostic } from "../../../lib";
import { egressFaults } from "./egress";
import { securityFaults } from "./security/faults";
import type { Site } from "./site";
import { trafficFaults } from "./traffic/faults";

/** What an intent says that Istio has the means for, but cannot do for just these values. */
export function siteFaults(site: Site): Diagnostic[] {
  return [...trafficFaults(site), ...securityFaults(site), ...egressFaults(site)];
}
