import type * as pulumi from "@pulumi/pulumi";
import type { Diagnostic, Json } from "../../lib";
import { errorAt } from "../../lib";
import { checkPlan } from "../../mesh/plan/check";
import type { MeshPlan, Step } from "../../mesh/plan/types";
import { missingRefs, refsIn } from "../refs";
import { applyObjects, objectsOf } from "./objects";
import { orderSteps } from "./order";
import type { StepContext } from "./types";
import { withServers } from "./webhooks";

/** All that keeps a plan from being executed as it is. */
export function checkSteps(plan: MeshPlan, values: StepContext["values"]): readonly Diagnostic[] {
  const refs = plan.steps.flatMap((step) => [...refsIn(objectsOf(step) as unknown as Json)]);
  return [...checkPlan(plan), ...plan.steps.flatMap(notExecutable), ...missingRefs(refs, values)];
}

/** Turns steps into resources, each step after those it depends on, and so destroyed before them. */
export function runSteps(steps: readonly Step[], context: Omit<StepContext, "after">): void {
  const made = new Map<Step, readonly pulumi.Resource[]>();
  for (const { step, after } of orderSteps(withServers(steps))) {
    const before = after.flatMap((earlier) => made.get(earlier) ?? []);
    const resources = applyObjects(step, { ...context, after: before });
    // Whoever waits for an empty step waits for what that one waited for.
    made.set(step, resources.length > 0 ? resources : before);
  }
}

function notExecutable({ id, do: action }: Step): Diagnostic[] {
  switch (action.kind) {
    case "objects":
      return [];
    case "chart": {
      const message = `the chart ${action.chart.chart} of step ${id} has not been rendered`;
      return [
        errorAt([], { code: "chart-not-rendered", message, hint: "render the plan before it is deployed" }),
      ];
    }
    case "cloudResources":
      return [
        errorAt([], {
          code: "not-executable",
          message: `step ${id} holds cloud resources, which none can make yet`,
        }),
      ];
  }
}
