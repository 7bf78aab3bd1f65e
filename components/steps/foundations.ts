import type { KubeObject } from "../../mesh/plan/types";
import { neededKey, podNeeds } from "./pod-needs";

// Within one step, objects wait for nothing but the namespace they live in, the CRD they are of, and what their pods need.

/** Namespaces and CRDs first, then what pods need, all in the given order otherwise. */
export function foundationsFirst(objects: readonly KubeObject[]): readonly KubeObject[] {
  const rank = (object: KubeObject): number => {
    if (foundationKey(object) === undefined) return 2;
    return neededKey(object) === undefined ? 0 : 1;
  };
  return [0, 1, 2].flatMap((wanted) => objects.filter((object) => rank(object) === wanted));
}

/** What an object is to others that stand on it; undefined where none do. */
export function foundationKey(object: KubeObject): string | undefined {
  if (object.kind === "Namespace" && object.apiVersion === "v1") return namespaceKey(object.metadata.name);
  if (!isCrd(object)) return neededKey(object);
  const spec = object["spec"] as { group?: string; names?: { kind?: string } } | undefined;
  return kindKey(spec?.group, spec?.names?.kind);
}

/** The keys of what an object stands on. */
export function standsOn(object: KubeObject): readonly string[] {
  const kind = kindKey(object.apiVersion.split("/")[0], object.kind);
  const { namespace } = object.metadata;
  const home = namespace === undefined ? [] : [namespaceKey(namespace)];
  return [...new Set([kind, ...home, ...podNeeds(object)])];
}

export function isCrd(object: KubeObject): boolean {
  return object.kind === "CustomResourceDefinition" && object.apiVersion.startsWith("apiextensions.k8s.io/");
}

function namespaceKey(name: string): string {
  return `namespace ${name}`;
}

function kindKey(group: string | undefined, kind: string | undefined): string {
  return `kind ${group}/${kind}`;
}
