import type { KubeObject, ObjectMeta } from "../../kube";

/** `<namespace>/<name>`, or the name alone for what belongs to no namespace: the resource's id in the state. */
export function objectId({ metadata }: { readonly metadata: ObjectMeta }): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name ?? ""}` : (metadata.name ?? "");
}

/** The way back. */
export function parseId(id: string): { readonly name: string; readonly namespace?: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** As ids, but silent about the namespace `default`: how messages name a pod. */
export function shortName({ metadata }: KubeObject): string {
  const { namespace, name = "" } = metadata;
  return namespace && namespace !== "default" ? `${namespace}/${name}` : name;
}
