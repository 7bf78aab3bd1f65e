import type { KubeObject } from "../../mesh/plan/types";

/**
 * The name of an object's resource: `shop-deployment-bookinfo-reviews`. It says nothing about the step, so that moving an
 * object to another step is no rename: the engine would create the object anew, and then delete the one that is there.
 * The API group need not be in it, since it is part of the resource's type.
 */
export function resourceName(prefix: string, object: KubeObject): string {
  return [prefix, object.kind.toLowerCase(), object.metadata.namespace, object.metadata.name]
    .filter((part) => part !== undefined)
    .join("-");
}
