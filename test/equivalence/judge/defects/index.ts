import type { MeshSection } from "../enact";
import { gatewayApiDefects } from "./gateway-api";
import { routeDefects } from "./routes";
import { securityDefects } from "./security";
import type { Defect } from "./spoil";

export { spoilt, type Defect } from "./spoil";

/** The defects that plans for a mesh can have: those of routes by the API in which it writes them. */
export function defectsOf({ routes }: MeshSection): readonly Defect[] {
  return routes === "gatewayApi" ? gatewayApiDefects : [...routeDefects, ...securityDefects];
}
