import type { KubeObject, Step } from "../mesh/plan/types";

/** Id of the step that holds a chart's CRDs, which come before all else of it. */
export function crdStepId(id: string): string {
  return `${id}/crds`;
}

/** A chart's step as steps of objects: its CRDs first and established, then the rest, still under the chart's own id. */
export function objectSteps(step: Step, objects: readonly KubeObject[]): Step[] {
  const crds = objects.filter(isCrd);
  const others = objects.filter((o) => !isCrd(o));
  if (crds.length === 0) return [{ ...step, do: { kind: "objects", objects: others } }];
  const first = crdStepId(step.id);
  return [
    { id: first, dependsOn: step.dependsOn, readiness: "ready", do: { kind: "objects", objects: crds } },
    { ...step, dependsOn: [...step.dependsOn, first], do: { kind: "objects", objects: others } },
  ];
}

export function isCrd({ apiVersion, kind }: KubeObject): boolean {
  return kind === "CustomResourceDefinition" && apiVersion.startsWith("apiextensions.k8s.io/");
}
