import type { KubeObject } from "./types";

/** What makes an object the same object: group, kind, namespace and name; the version of its API does not. */
export function identityOf({ apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return [group, kind, metadata.namespace ?? "", metadata.name].join("/");
}

/** The object for people: `Service shop/cart`. */
export function nameObject({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}
