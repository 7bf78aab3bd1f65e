import * as pulumi from "@pulumi/pulumi";
import type { KubeObject, Step } from "../../mesh/plan/types";
import { checkRefs, refsIn } from "../refs";
import type { Json } from "../../lib";
import { duplicates } from "./names";
import { applyObjects } from "./objects";
import { directDependencies } from "./order";
import type { StepContext } from "./types";

/** Throws one error that names all that keeps steps from being executed as they are, before any resource is registered. */
export function checkSteps(steps: readonly Step[], values: StepContext["values"]): void {
  const objects = steps.flatMap(objectsOf);
  const twice = duplicates(objects);
  if (twice.length > 0) {
    throw new pulumi.RunError(`planned more than once:\n${twice.map((line) => `  ${line}`).join("\n")}`);
  }
  directDependencies(steps);
  checkRefs(refsIn(objects as unknown as Json), values);
}

/** Turns steps into resources, each step after those it depends on, and so destroyed before them. */
export function runSteps(steps: readonly Step[], context: Omit<StepContext, "after">): void {
  const made = new Map<Step, readonly pulumi.Resource[]>();
  for (const [step, before] of directDependencies(steps)) {
    const after = before.flatMap((s) => made.get(s) ?? []);
    const resources = applyObjects(objectsOf(step), step.readiness, { ...context, after });
    // Whoever waits for an empty step waits for what that one waited for.
    made.set(step, resources.length > 0 ? resources : after);
  }
}

function objectsOf(step: Step): readonly KubeObject[] {
  switch (step.do.kind) {
    case "objects":
      return step.do.objects;
    case "chart":
      throw new pulumi.RunError(
        `chart ${step.do.chart.release} of step ${step.id} must be rendered before it is applied`,
      );
    case "cloudResources":
      throw new pulumi.RunError(`step ${step.id} holds cloud resources, which no component can make yet`);
  }
}
