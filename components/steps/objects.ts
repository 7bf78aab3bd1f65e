import type * as pulumi from "@pulumi/pulumi";
import type { KubeObject, Step } from "../../mesh/plan/types";
import { resolveAll } from "../refs";
import type { ObjectArgs } from "./classes";
import { createObject } from "./classes";
import { foundationKey, foundationsFirst, isCrd, standsOn } from "./foundations";
import { resourceName } from "./names";
import { withReadiness } from "./readiness";
import { asStored } from "./spelling";
import type { StepContext } from "./types";

/** Makes every object of a step a resource of its own, and returns them. */
export function applyObjects(step: Step, context: StepContext): readonly pulumi.Resource[] {
  const foundations = new Map<string, pulumi.Resource>();
  return foundationsFirst(objectsOf(step)).map((object) => {
    const below = standsOn(object).flatMap((key) => foundations.get(key) ?? []);
    const applied = asStored(withReadiness(object, step));
    const args = resolveAll(applied, context.values) as ObjectArgs;
    const resource = createObject(resourceName(context.name, object), args, {
      parent: context.parent,
      dependsOn: [...context.after, ...below],
      ...optionsOf(object, context),
    });
    const key = foundationKey(object);
    if (key !== undefined) foundations.set(key, resource);
    return resource;
  });
}

/** The objects of a step; charts and cloud resources have none yet. */
export function objectsOf({ do: action }: Step): readonly KubeObject[] {
  return action.kind === "objects" ? action.objects : [];
}

/**
 * Deleting a CRD deletes every object of its kind, the users' own included. So CRDs outlive the mesh unless asked not to,
 * and the next mesh takes over those that it finds.
 */
function optionsOf(object: KubeObject, context: StepContext): pulumi.CustomResourceOptions {
  if (!isCrd(object) || !context.keepCrds) return { provider: context.cluster.provider };
  return { provider: context.cluster.adopter(), retainOnDelete: true };
}
