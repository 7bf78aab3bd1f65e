import type { Diagnostic } from "../../../lib";
import { egressFaults } from "./egress";
import type { Site } from "./site";
import { httpFaults } from "./traffic/http";

/** What an intent says that Istio has the means for, but cannot do for just these values. */
export function siteFaults(site: Site): Diagnostic[] {
  return [...httpFaults(site.intent), ...egressFaults(site)];
}
