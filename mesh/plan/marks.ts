import { errorAt, warningAt, type Diagnostic, type FieldPath } from "../../lib";
import { nameObject } from "./identity";
import type { KubeObject, Mark } from "./types";

/** The object with the annotations that the marks for it ask for. */
export function marked(object: KubeObject, marks: readonly Mark[]): KubeObject {
  const own = marks.filter((mark) => isFor(mark, object));
  if (own.length === 0) return object;
  const { metadata } = object;
  const annotations = Object.assign({}, metadata.annotations, ...own.map((m) => m.annotations)) as {
    [name: string]: string;
  };
  return { ...object, metadata: { ...metadata, annotations } };
}

/** Marks for objects that are not among the workloads, or that say something else already. */
export function markFaults(
  marks: readonly Mark[],
  { objects, at }: { readonly objects: readonly KubeObject[]; readonly at: FieldPath },
): Diagnostic[] {
  return marks.flatMap((mark) => {
    const object = objects.find((o) => isFor(mark, o));
    return object === undefined ? [absent(mark, at)] : clashes(mark, { object, at });
  });
}

function isFor({ kind, namespace, name }: Mark, { kind: found, metadata }: KubeObject): boolean {
  return found === kind && metadata.namespace === namespace && metadata.name === name;
}

function absent({ kind, namespace, name, annotations }: Mark, at: FieldPath): Diagnostic {
  const list = Object.entries(annotations).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return warningAt(at, {
    code: "annotate-by-hand",
    message: `${kind} ${namespace}/${name} is not among the workloads, and needs annotations for what the intent asks of it`,
    hint: `kubectl annotate -n ${namespace} ${kind.toLowerCase()} ${name} ${list.join(" ")}`,
  });
}

function clashes(
  mark: Mark,
  { object, at }: { readonly object: KubeObject; readonly at: FieldPath },
): Diagnostic[] {
  const { annotations = {} } = object.metadata;
  return Object.entries(mark.annotations)
    .filter(([key, value]) => annotations[key] !== undefined && annotations[key] !== value)
    .map(([key, value]) =>
      errorAt(at, {
        code: "annotation-clash",
        message: `${nameObject(object)} of the workloads has the annotation ${key}: ${annotations[key]}, and the intent means ${value}`,
        hint: "take it out of the workloads, or out of the intent",
      }),
    );
}
