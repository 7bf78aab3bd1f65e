import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";
import { authorizationPolicies } from "./authorization";
import { peerAuthentications } from "./mtls";

/** Every policy of the mesh: who must prove who they are, and who may call whom. */
export function securityObjects(site: Site): KubeObject[] {
  return [...peerAuthentications(site), ...authorizationPolicies(site)];
}
