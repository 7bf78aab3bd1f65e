import { found, settle, type Result } from "../lib";
import type { NormalizedIntent } from "./intent/types";
import { checkPlan } from "./plan/check";
import type { MeshPlan } from "./plan/types";
import type { ConfiguredMesh, Target } from "./types";

/**
 * Turns an intent into a plan for one mesh on one cluster, or into every reason why that cannot be; never a part of a
 * plan. Pure: the same intent, options and target give the same bytes, in whatever order they were written.
 *
 * Intents come from `parseIntent`, meshes from `configureMesh`. Warnings of the result are the plan's warnings too.
 */
export function compile(intent: NormalizedIntent, mesh: ConfiguredMesh, target: Target): Result<MeshPlan> {
  const planned = mesh.plan(intent, target);
  if (!planned.ok) return planned;
  return settle(planned.value, [...found(planned), ...checkPlan(planned.value)]);
}
