import type { Lookup } from "../intent/lookup";
import type { NormalizedIntent } from "../intent/types";
import { kubeObject } from "../plan/objects";
import type { Step } from "../plan/types";
import { canary, metricTemplates, type RolloutProvider } from "./canary";

const NAMESPACE = "flagger-system";
const VERSION = "1.44.0";

/**
 * The label by which Flagger tells the old workload from the new one: it renames its value on one of them. A label of
 * its own leaves those alone that policies select by.
 */
export const ROLLOUT_LABEL = "meshwright.dev/rollout";

export interface RolloutInput {
  readonly intent: NormalizedIntent;
  readonly lookup: Lookup;
  readonly provider: RolloutProvider;
  /** Flagger's `meshProvider`. */
  readonly mesh: string;
}

/** Flagger and what it is to do, as the last steps of a plan; none where there is nothing to roll out. */
export function rolloutSteps(
  { intent, lookup, provider, mesh }: RolloutInput,
  dependsOn: readonly string[],
): Step[] {
  if (intent.rollouts.length === 0) return [];
  const canaries = intent.rollouts.flatMap((rollout) => {
    const service = lookup.service(rollout.service);
    return service === undefined ? [] : [canary(rollout, { service, provider })];
  });
  const places = [...new Set(canaries.flatMap((c) => c.metadata.namespace ?? []))];
  const templates = places.flatMap((place) => metricTemplates(provider, place));
  const namespace = kubeObject({ apiVersion: "v1", kind: "Namespace", name: NAMESPACE });
  return [
    {
      id: "flagger-namespace",
      dependsOn: [],
      readiness: "ready",
      do: { kind: "objects", objects: [namespace] },
    },
    {
      id: "flagger",
      dependsOn: ["flagger-namespace", ...dependsOn],
      readiness: "ready",
      do: {
        kind: "chart",
        chart: {
          chart: "flagger",
          version: VERSION,
          source: { kind: "repository", url: "https://flagger.app" },
          release: "flagger",
          namespace: NAMESPACE,
          values: { meshProvider: mesh, selectorLabels: ROLLOUT_LABEL },
        },
      },
    },
    {
      id: "rollouts",
      dependsOn: ["flagger", ...dependsOn],
      readiness: "applied",
      do: { kind: "objects", objects: [...templates, ...canaries] },
    },
  ];
}
