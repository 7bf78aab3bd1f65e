import { isJsonObject, type Json } from "../../lib";
import type { KubeObject, MeshPlan, StepAction } from "../../mesh/plan/types";

/** What a plan makes, a line for each thing: objects, charts by the values that they are given, cloud resources, outputs. */
export function things(plan: MeshPlan): string[] {
  return plan.steps
    .flatMap((step) => thingsOf(step.do))
    .concat((plan.marks ?? []).map((mark) => `mark ${JSON.stringify(mark)}`))
    .concat(
      Object.entries(flat(plan.outputs)).map(([path, value]) => `output ${path} ${JSON.stringify(value)}`),
    );
}

function thingsOf(action: StepAction): string[] {
  switch (action.kind) {
    case "objects":
      return action.objects.map(lineOf);
    case "chart":
      return Object.entries(flat(action.chart.values)).map(
        ([path, value]) => `chart ${action.chart.release}: ${path} ${JSON.stringify(value)}`,
      );
    case "cloudResources":
      return action.resources.map((r) => `${r.type} ${r.name} ${JSON.stringify(r.properties)}`);
  }
}

function lineOf({ apiVersion, kind, metadata, ...rest }: KubeObject): string {
  const place = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  const notes =
    metadata.annotations === undefined ? "" : ` annotations ${JSON.stringify(metadata.annotations)}`;
  const labels = Object.entries(metadata.labels ?? {}).filter(
    ([name]) => name !== "app.kubernetes.io/managed-by",
  );
  const marked = labels.length === 0 ? "" : ` labels ${JSON.stringify(Object.fromEntries(labels))}`;
  return `${apiVersion} ${kind} ${place}${marked}${notes} ${JSON.stringify(rest)}`;
}

/** The values by their paths, down to lists and plain values. */
function flat(value: Json, path = ""): Record<string, Json> {
  if (!isJsonObject(value)) return { [path]: value };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, inner]) => flat(inner, path === "" ? key : `${path}.${key}`)),
  ) as Record<string, Json>;
}

/** What the one plan makes and the other does not. */
export function added(plan: MeshPlan, before: MeshPlan): string[] {
  const known = new Set(things(before));
  return things(plan).filter((line) => !known.has(line));
}
