import { inOrder } from "../../mesh/plan/order";
import type { Step } from "../../mesh/plan/types";

/** A step, and the steps it must wait for by itself. */
export interface OrderedStep {
  readonly step: Step;
  readonly after: readonly Step[];
}

/**
 * The steps in an order in which each follows all it depends on. What another of its dependencies waits for already is
 * left out of `after`: each pair of objects in two such steps is an edge in the engine's state.
 */
export function orderSteps(steps: readonly Step[]): readonly OrderedStep[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const behind = new Map<Step, ReadonlySet<Step>>();
  return inOrder(steps).ordered.map((step) => {
    const wanted = step.dependsOn.flatMap((id) => byId.get(id) ?? []);
    const indirect = new Set(wanted.flatMap((before) => [...(behind.get(before) ?? [])]));
    behind.set(step, new Set([...wanted, ...indirect]));
    return { step, after: wanted.filter((before) => !indirect.has(before)) };
  });
}
