import { isJsonObject } from "../../lib";
import { inOrder } from "../../mesh/plan/order";
import type { KubeObject, Step } from "../../mesh/plan/types";

// A webhook configuration that comes without a CA gets one from its server, once that runs. Until then the API server
// refuses whatever the webhook is there to judge, so nothing that it judges may be created before it has its CA.

const WORKLOADS = ["Deployment", "StatefulSet", "DaemonSet"];

/** Index of the first webhook in a configuration whose CA its server must fill in. */
export function webhookWithoutCa(object: KubeObject): number | undefined {
  if (!object.apiVersion.startsWith("admissionregistration.k8s.io/")) return undefined;
  const webhooks = object["webhooks"];
  if (!Array.isArray(webhooks)) return undefined;
  const index = (webhooks as readonly unknown[]).findIndex((webhook) => {
    const client = isJsonObject(webhook) ? webhook["clientConfig"] : undefined;
    return isJsonObject(client) && client["caBundle"] === undefined;
  });
  return index === -1 ? undefined : index;
}

/**
 * The same steps, where configurations that wait for a CA have moved to the next step that runs something: a chart of
 * CRDs may bring the configuration of a server that comes in a later chart, and only there can it be awaited.
 */
export function withServers(steps: readonly Step[]): readonly Step[] {
  const moved = new Map<string, KubeObject[]>();
  const dependants = (id: string): readonly Step[] =>
    inOrder(steps).ordered.filter((s) => s.dependsOn.includes(id));
  const kept = steps.map((step): Step => {
    if (step.do.kind !== "objects" || runsSomething(step)) return step;
    const server = dependants(step.id).find(runsSomething);
    const waiting = step.do.objects.filter((object) => webhookWithoutCa(object) !== undefined);
    if (server === undefined || waiting.length === 0) return step;
    moved.set(server.id, [...(moved.get(server.id) ?? []), ...waiting]);
    return withObjects(
      step,
      step.do.objects.filter((object) => !waiting.includes(object)),
    );
  });
  return kept.map((step) => {
    const more = moved.get(step.id);
    return more === undefined || step.do.kind !== "objects"
      ? step
      : withObjects(step, [...step.do.objects, ...more]);
  });
}

export function runsSomething({ do: action }: Step): boolean {
  return action.kind === "objects" && action.objects.some(({ kind }) => WORKLOADS.includes(kind));
}

function withObjects(step: Step, objects: readonly KubeObject[]): Step {
  return { ...step, do: { kind: "objects", objects } };
}
