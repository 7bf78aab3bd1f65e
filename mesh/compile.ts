import { errorAt, fail, found, settle, type Diagnostic, type Result } from "../lib";
import { capability } from "./capability/catalogue";
import type { CapabilityId } from "./capability/ids";
import type { CapabilityUse, Support } from "./capability/types";
import { degrade, lacking } from "./degrade";
import type { NormalizedIntent } from "./intent/types";
import { checkPlan } from "./plan/check";
import type { MeshPlan } from "./plan/types";
import { rawFaults, withRaw } from "./raw";
import type { ConfiguredMesh, Target } from "./types";
import { whoCan } from "./who-can";

/**
 * Turns an intent into a plan for one mesh on one cluster, or into every reason why that cannot be; never a part of a
 * plan. Pure: the same intent, options and target give the same bytes, in whatever order they were written.
 *
 * Fails where the mesh lacks what the intent asks for and does not give up by `degrade` (`unsupported-capability`), and
 * for what the mesh refuses in combination. Intents come from `parseIntent`, meshes from `configureMesh`. Warnings of
 * the result are the plan's warnings too.
 */
export function compile(intent: NormalizedIntent, mesh: ConfiguredMesh, target: Target): Result<MeshPlan> {
  const table = mesh.capabilities(target);
  const degraded = degrade(intent, table);
  const unsupported = lacking(degraded.intent, table).flatMap(({ id, use }) =>
    refusal(mesh, { id, use, support: table[id] }),
  );
  if (unsupported.length > 0) return fail([...degraded.warnings, ...unsupported]);
  const planned = mesh.plan(degraded.intent, target);
  if (!planned.ok) return fail([...degraded.warnings, ...planned.diagnostics]);
  const faults = rawFaults(intent, planned.value);
  const plan = withRaw(planned.value, intent);
  const warnings = [...degraded.warnings, ...found(planned)];
  const complete = { ...plan, warnings: [...degraded.warnings, ...plan.warnings] };
  return settle(complete, [...warnings, ...faults, ...(faults.length === 0 ? checkPlan(plan) : [])]);
}

interface Refused {
  readonly id: CapabilityId;
  readonly use: CapabilityUse;
  readonly support: Support;
}

function refusal({ kind }: ConfiguredMesh, { id, use, support }: Refused): Diagnostic[] {
  if (support.kind !== "none") return [];
  const { title, security } = capability(id);
  const able = whoCan(id);
  const hints = [
    ...(support.nearest === undefined ? [] : [`nearest: ${support.nearest}`]),
    able.length === 0 ? "no mesh has it" : `meshes that have it: ${able.join(", ")}`,
    ...(security || use.without === undefined ? [] : [`or give it up here by an entry in degrade`]),
  ];
  const message = `${kind} does not have ${title} (${id}): ${support.reason}`;
  return [errorAt(use.at, { code: "unsupported-capability", message, hint: hints.join("; ") })];
}
