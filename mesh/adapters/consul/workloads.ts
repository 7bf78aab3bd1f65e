import { errorAt, isJsonObject, shortHash, type Diagnostic, type Json, type JsonObject } from "../../../lib";
import type { NormalizedIntent, Service } from "../../intent/types";
import { nameObject } from "../../plan/identity";
import type { KubeObject } from "../../plan/types";

const META = "consul.hashicorp.com/service-meta-";
/** What is left of the 63 characters of an annotation's name. */
const LONGEST = 50;

/** A label's key as instances may carry it in Consul: letters, digits, `_` and `-`. */
export function metaKey(label: string): string {
  const key = label.replace(/[^A-Za-z0-9_-]/g, "_");
  return key.length <= LONGEST ? key : `${key.slice(0, LONGEST - 9)}_${shortHash(label)}`;
}

/** The annotations by which pods with a version's labels are known to Consul as that version. */
export function podAnnotations(labels: { readonly [key: string]: string }): {
  readonly [key: string]: string;
} {
  return Object.fromEntries(Object.entries(labels).map(([key, value]) => [`${META}${metaKey(key)}`, value]));
}

/** The annotations that the intent's versions need, by service and version. */
export function neededAnnotations({ services }: NormalizedIntent): JsonObject {
  return Object.fromEntries(
    services
      .filter((s) => s.versions.length > 0 && s.workloads === "kubernetes")
      .map((s) => [s.key, Object.fromEntries(s.versions.map((v) => [v.name, podAnnotations(v.labels)]))]),
  );
}

/**
 * Pods that carry a version's labels and lack the annotations by which Consul knows it: the version would have no
 * endpoint.
 */
export function annotationFaults(intent: NormalizedIntent, workloads: readonly KubeObject[]): Diagnostic[] {
  const templates = workloads.flatMap((object) => {
    const metadata = field(object, "spec", "template", "metadata");
    return isJsonObject(metadata) ? [{ object, metadata }] : [];
  });
  return intent.services.flatMap((service) =>
    templates
      .filter(({ object }) => object.metadata.namespace === service.namespace)
      .flatMap((template) => faultsOf(service, template)),
  );
}

function faultsOf(
  service: Service,
  { object, metadata }: { readonly object: KubeObject; readonly metadata: JsonObject },
): Diagnostic[] {
  if (!holds(metadata["labels"], service.selector)) return [];
  return service.versions
    .filter(
      (v) => holds(metadata["labels"], v.labels) && !holds(metadata["annotations"], podAnnotations(v.labels)),
    )
    .map((v) =>
      errorAt(v.at, {
        code: "workload-annotation",
        message: `pods of ${nameObject(object)} are version ${v.name} by their labels, which Consul does not see`,
        hint: `annotate the pods' template: ${Object.entries(podAnnotations(v.labels))
          .map(([key, value]) => `${key}: ${value}`)
          .join(", ")}`,
      }),
    );
}

function holds(actual: Json | undefined, wanted: { readonly [key: string]: string }): boolean {
  return isJsonObject(actual) && Object.entries(wanted).every(([key, value]) => actual[key] === value);
}

function field(object: KubeObject, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (at, key) => (isJsonObject(at) ? at[key] : undefined),
    object as JsonObject,
  );
}

/** Whether a version's labels stay apart as Consul names them. */
export function agrees(labels: { readonly [key: string]: string }): boolean {
  const keys = Object.keys(labels).map(metaKey);
  return new Set(keys).size === keys.length;
}
