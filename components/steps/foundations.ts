import type { KubeObject } from "../../mesh/plan/types";

// Within one step, objects wait for nothing but the namespace they live in and the CRD they are of.

/** Namespaces and CRDs first, all in the given order otherwise. */
export function foundationsFirst(objects: readonly KubeObject[]): readonly KubeObject[] {
  const isFoundation = (object: KubeObject): boolean => foundationKey(object) !== undefined;
  return [...objects.filter(isFoundation), ...objects.filter((object) => !isFoundation(object))];
}

/** What an object is to others that stand on it; undefined where none do. */
export function foundationKey(object: KubeObject): string | undefined {
  if (object.kind === "Namespace" && object.apiVersion === "v1") return namespaceKey(object.metadata.name);
  if (!isCrd(object)) return undefined;
  const spec = object["spec"] as { group?: string; names?: { kind?: string } } | undefined;
  return kindKey(spec?.group, spec?.names?.kind);
}

/** The keys of what an object stands on. */
export function standsOn(object: KubeObject): readonly string[] {
  const kind = kindKey(object.apiVersion.split("/")[0], object.kind);
  const { namespace } = object.metadata;
  return namespace === undefined ? [kind] : [kind, namespaceKey(namespace)];
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
