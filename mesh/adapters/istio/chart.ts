import type { Chart, Step } from "../../plan/types";

/** A chart as a step of a plan, called after its release. */
export function chartStep(chart: Chart, dependsOn: readonly string[]): Step {
  return { id: chart.release, dependsOn, readiness: "ready", do: { kind: "chart", chart } };
}
