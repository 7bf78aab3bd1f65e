import type { Diagnostic, FieldPath } from "../../../lib";
import { gatewayFaults } from "./faults-gateways";
import { countFaults, kindFaults } from "./faults-kinds";
import { routeFaults } from "./faults-routes";
import { serviceFaults } from "./faults-services";
import { siteFaults } from "./faults-site";
import type { MeshModel } from "./model";
import type { Site } from "./site";

/** What an intent says that App Mesh has the means for, but not for just these values, or not as configured. */
export function faults(site: Site, at: FieldPath): Diagnostic[] {
  return [
    ...siteFaults(site, at),
    ...serviceFaults(site),
    ...kindFaults(site),
    ...routeFaults(site),
    ...gatewayFaults(site),
  ];
}

/** More routes than App Mesh takes, counted as they are made. */
export function quotaFaults(model: MeshModel, site: Site): Diagnostic[] {
  return countFaults([...model.routers, ...model.gateways], site);
}
