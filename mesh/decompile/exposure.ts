import type { Gateway } from "../intent/types";
import type { Field } from "./field";
import type { Item } from "./manifests";

/** Public, unless its Service has no address outside, or annotations that make the address an internal one. */
export function exposureOf({ spec, annotations }: Item): Gateway["exposure"] {
  const type = spec.get("type").text() ?? "ClusterIP";
  if (type === "ClusterIP") return "cluster";
  return isInternal(annotations) ? "internal" : "public";
}

/** Every cloud has an annotation of its own for it; all of them speak of it by its name. */
export function isInternal(annotations: Field): boolean {
  return annotations.entries().some(([key, field]) => {
    const value = field.text() ?? "";
    return saysInternal(key) && /^(true|internal)$/i.test(value);
  });
}

export function saysInternal(key: string): boolean {
  return /internal|load-balancer-(type|scheme)/i.test(key);
}
