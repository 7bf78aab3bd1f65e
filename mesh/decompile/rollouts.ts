import { isDnsLabel, present } from "../../lib";
import type { Rollout } from "../intent/types";
import type { Draft, DraftService } from "./draft";
import type { Field } from "./field";
import type { Item, Manifests } from "./manifests";
import { positiveDuration } from "./values";

/**
 * Flagger's rollouts. Flagger rolls out whatever a Deployment becomes; an intent names the two versions, which only an
 * annotation of ours can tell.
 */
export function readRollouts(manifests: Manifests, draft: Draft): void {
  for (const item of manifests.take("flagger.app", "Canary")) readCanary(item, draft);
  // Figures that a rollout of ours looks at; they say nothing by themselves.
  for (const { spec } of manifests.take("flagger.app", "MetricTemplate")) spec.accept();
}

function readCanary(item: Item, draft: Draft): void {
  const { spec, annotations, namespace } = item;
  const from = annotations.get("meshwright.dev/from").text();
  const to = annotations.get("meshwright.dev/to").text();
  const name = spec.get("service", "name").text() ?? spec.get("targetRef", "name").text() ?? item.name;
  const service = draft.known(`${namespace}/${name}`);
  if (
    from === undefined ||
    to === undefined ||
    service === undefined ||
    !isDnsLabel(from) ||
    !isDnsLabel(to)
  ) {
    const message = "an intent's rollout names a service and the two versions of it, which Flagger does not";
    spec.lose({ message, hint: "write it as rollouts: [{ service: …, from: v1, to: v2, … }]" });
    return;
  }
  const analysis = spec.get("analysis");
  const rollout = {
    service: service.key,
    from,
    to,
    strategy: strategyOf(analysis),
    success: successOf(analysis),
    at: spec.at,
  };
  for (const version of [from, to]) addVersion(service, version);
  draft.rollouts.push(rollout);
  spec.accept();
}

function addVersion(service: DraftService, name: string): void {
  if (service.versions.some((version) => version.name === name)) return;
  service.versions.push({ name, labels: { version: name }, at: service.at });
}

function strategyOf(analysis: Field): Rollout["strategy"] {
  const steps = analysis
    .get("stepWeights")
    .items()
    .flatMap((step) => step.number() ?? []);
  if (steps.length === 0) return { kind: "blueGreen" };
  return { kind: "canary", steps, intervalMs: positiveDuration(analysis.get("interval")) ?? 60_000 };
}

function successOf(analysis: Field): Rollout["success"] {
  const thresholds = analysis
    .get("metrics")
    .items()
    .map((metric) => ({
      name: metric.get("name").text() ?? "",
      least: metric.get("thresholdRange", "min").number(),
      most: metric.get("thresholdRange", "max").number(),
    }));
  const successRatePercent = thresholds.find(({ name }) => name.includes("success-rate"))?.least;
  const p99Ms = thresholds.find(({ name }) => /duration|latency/.test(name))?.most;
  return present({ successRatePercent, p99Ms });
}
