import { errorAt, warningAt, type Diagnostic, type FieldPath, type Finding } from "../../../lib";
import type { Lifecycle } from "../../types";

export const lifecycle = {
  stage: "discontinued",
  since: "2026-09-30",
  source: "https://docs.aws.amazon.com/app-mesh/latest/userguide/what-is-app-mesh.html",
} as const satisfies Lifecycle;

const MESSAGE = `AWS App Mesh ended on ${lifecycle.since}: its console and its resources cannot be reached any more`;
const WAYS_OUT =
  "on EKS go to VPC Lattice or to another mesh, on ECS to Service Connect; " +
  "`meshwright import --from appmesh --to istio` reads what you have";

/** Nobody gets a plan for a service that has ended without having said that they know. */
export function unacknowledged(at: FieldPath): Diagnostic {
  const hint = `${WAYS_OUT}; acknowledgeDiscontinued: true compiles all the same, to compare or to export`;
  return errorAt(at, finding(hint));
}

/** What every plan says, since it cannot be put to work. */
export function ended(at: FieldPath): Diagnostic {
  return warningAt(at, finding(WAYS_OUT));
}

function finding(hint: string): Finding {
  return { code: "mesh-discontinued", message: MESSAGE, hint };
}
