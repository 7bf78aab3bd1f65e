import { isJsonObject } from "../../../lib";

/** One step of a path: a field, a position, everything, or the items with a field of some value. */
type Step =
  | { readonly field: string }
  | { readonly index: number }
  | { readonly all: true }
  | { readonly where: readonly string[]; readonly equals: string };

export type JsonPath = readonly Step[];

const STEP = new RegExp(
  [
    String.raw`\.((?:[^.[\]{}\\\s]|\\.)+)`, // .field, dots escaped
    String.raw`\['([^']*)'\]`, // ['field']
    String.raw`\[(-?\d+)\]`, // [0]
    String.raw`(\[\*\]|\.\*)`, // [*]
    String.raw`\[\?\(@((?:\.[\w-]+)+)\s*==\s*["']([^"']*)["']\)\]`, // [?(@.type=="Ready")]
  ].join("|"),
  "y",
);

/** Parses the part of Kubernetes' JSONPath that `kubectl wait` is used with; what is wrong, if it is more than that. */
export function parseJsonPath(text: string): JsonPath | string {
  const path = text.replace(/^\{(.*)\}$/s, "$1").replace(/^\$/, "");
  const dotted = /^[.[]/.test(path) ? path : `.${path}`;
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < dotted.length) {
    const at = STEP.lastIndex;
    const match = STEP.exec(dotted);
    if (!match) return `cannot read the JSONPath ${text} at "${dotted.slice(at)}"`;
    steps.push(stepOf(match));
  }
  return steps.length > 0 ? steps : `the JSONPath ${text} is empty`;
}

function stepOf([, field, quoted, index, all, where, equals]: RegExpExecArray): Step {
  if (all !== undefined || field === "*") return { all: true };
  if (field !== undefined) return { field: field.replace(/\\(.)/g, "$1") };
  if (quoted !== undefined) return { field: quoted };
  if (index !== undefined) return { index: Number(index) };
  return { where: (where ?? "").split(".").slice(1), equals: equals ?? "" };
}

/** Every value that the path leads to. */
export function evaluate(path: JsonPath, root: unknown): readonly unknown[] {
  return path.reduce<readonly unknown[]>(
    (values, step) => values.flatMap((value) => follow(step, value)),
    [root],
  );
}

function follow(step: Step, value: unknown): unknown[] {
  if ("field" in step)
    return isJsonObject(value) && value[step.field] !== undefined ? [value[step.field]] : [];
  if ("index" in step) {
    const item: unknown = Array.isArray(value) ? (value as unknown[]).at(step.index) : undefined;
    return item === undefined ? [] : [item];
  }
  const items: unknown[] = Array.isArray(value)
    ? (value as unknown[])
    : isJsonObject(value)
      ? Object.values(value)
      : [];
  if ("all" in step) return items;
  const fields = step.where.map((field): Step => ({ field }));
  return items.filter((item) => evaluate(fields, item).some((found) => String(found) === step.equals));
}
