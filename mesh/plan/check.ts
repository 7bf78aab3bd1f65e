import { errorAt, type Diagnostic } from "../../lib";
import { identityOf, nameObject } from "./identity";
import { inOrder } from "./order";
import { WORKLOADS } from "./workloads";
import type { MeshPlan, Step } from "./types";

/** What must hold for every plan, whoever made it. A fault here is a fault of the adapter, or of raw objects in it. */
export function checkPlan(plan: MeshPlan): Diagnostic[] {
  return [...stepFaults(plan.steps), ...objectFaults(plan.steps)];
}

function stepFaults(steps: readonly Step[]): Diagnostic[] {
  const ids = new Set(steps.map((s) => s.id));
  const doubled = steps.filter((s, i) => steps.findIndex((other) => other.id === s.id) < i);
  const unknown = steps.flatMap((s) =>
    s.dependsOn.filter((d) => !ids.has(d)).map((d) => ({ step: s.id, needs: d })),
  );
  const { stuck } = inOrder(steps);
  return [
    ...doubled.map((s) => fault("plan-step-id", `two steps of the plan are called ${s.id}`)),
    ...unknown.map((u) =>
      fault("plan-step-order", `step ${u.step} depends on ${u.needs}, which the plan does not have`),
    ),
    ...(stuck.length === 0
      ? []
      : [fault("plan-step-order", `these steps wait for each other: ${stuck.map((s) => s.id).join(", ")}`)]),
    ...(ids.has(WORKLOADS) ? [] : [fault("plan-step-id", `the plan has no step ${WORKLOADS}`)]),
  ];
}

function objectFaults(steps: readonly Step[]): Diagnostic[] {
  const seen = new Map<string, string>();
  return steps.flatMap(({ id, do: action }) => {
    if (action.kind !== "objects") return [];
    return action.objects.flatMap((object) => {
      const identity = identityOf(object);
      const earlier = seen.get(identity);
      seen.set(identity, earlier ?? id);
      if (earlier === undefined) return [];
      return [
        fault("plan-object", `${nameObject(object)} is in the plan twice, in the steps ${earlier} and ${id}`),
      ];
    });
  });
}

function fault(code: string, message: string): Diagnostic {
  return errorAt([], { code, message });
}
