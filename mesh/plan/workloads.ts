import { errorAt, settle, type Diagnostic, type FieldPath, type Result } from "../../lib";
import { identityOf, nameObject } from "./identity";
import { markFaults, marked } from "./marks";
import type { KubeObject, MeshPlan } from "./types";

/** The step that each adapter leaves empty, after the control plane and its policies. */
export const WORKLOADS = "workloads";

/**
 * The plan with the user's own objects in their place, injected, never running without the policies, and with the
 * annotations that the plan needs on them.
 * Fails where the plan already makes one of them; `at` is where the workloads were listed.
 */
export function placeWorkloads(
  plan: MeshPlan,
  objects: readonly KubeObject[],
  at: FieldPath = [WORKLOADS],
): Result<MeshPlan> {
  const made = new Map(
    plan.steps.flatMap(({ id, do: action }) =>
      action.kind === "objects"
        ? action.objects.map((object): [string, string] => [identityOf(object), id])
        : [],
    ),
  );
  const faults = objects.flatMap((object): Diagnostic[] => {
    const step = made.get(identityOf(object));
    if (step === undefined) return [];
    const message = `${nameObject(object)} of the workloads is made by the plan already, in its step ${step}`;
    return [errorAt(at, { code: "workload-clash", message, hint: "take it out of the workloads" })];
  });
  const { marks = [] } = plan;
  const placed = objects.map((object) => marked(object, marks));
  const steps = plan.steps.map((step) =>
    step.id === WORKLOADS ? { ...step, do: { kind: "objects" as const, objects: placed } } : step,
  );
  return settle({ ...plan, steps }, [...faults, ...markFaults(marks, { objects, at })]);
}
