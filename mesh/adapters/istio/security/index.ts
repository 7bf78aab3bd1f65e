import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";
import { authorizationPolicies } from "./authorization";
import { externalPolicies } from "./external";
import { requestAuthentications } from "./jwt";
import { peerAuthentications } from "./mtls";
import { waypointPolicies } from "./waypoints";

/** Every policy of the mesh: who must prove who they are, which tokens count, and who may call whom. */
export function securityObjects(site: Site): KubeObject[] {
  return [
    ...peerAuthentications(site),
    ...requestAuthentications(site),
    ...authorizationPolicies(site),
    ...externalPolicies(site),
    ...waypointPolicies(site),
  ];
}
