import { stringify } from "yaml";
import {
  connectionOf,
  isNotFound,
  KubeClient,
  KubeStatusError,
  loadKubeconfig,
  refOf,
  UnknownKindError,
} from "../kube";
import { canonical, canonicalText, isJsonObject, type Json, type JsonObject } from "../lib";
import { nameObject } from "../mesh/plan/identity";
import { inOrder } from "../mesh/plan/order";
import type { KubeObject, MeshPlan } from "../mesh/plan/types";
import { UserError } from "./exit";

export interface DiffOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** What applying one object would do. */
export interface ObjectDiff {
  readonly object: string;
  readonly change: "create" | "change" | "none" | "refused";
  /** Of a change: lines as `- before` and `+ after`; of a refusal, the API server's words. */
  readonly lines: readonly string[];
}

export interface PlanDiff {
  readonly objects: readonly ObjectDiff[];
  /** Charts, which are rendered by `up` and not compared. */
  readonly charts: readonly string[];
}

const MANAGER = "meshwright";

/** Asks the API server, by a dry run of a server-side apply, what each object of a plan would change. Changes nothing. */
export async function diffPlan(plan: MeshPlan, { kubeconfig, context }: DiffOptions): Promise<PlanDiff> {
  const path = kubeconfig ?? process.env["KUBECONFIG"];
  if (path === undefined || path === "") {
    throw new UserError("no cluster is named to compare with", "name its kubeconfig: --kubeconfig <path>");
  }
  const steps = inOrder(plan.steps).ordered.map((step) => step.do);
  const kube = new KubeClient(connectionOf(loadKubeconfig(path), context));
  try {
    const objects: ObjectDiff[] = [];
    for (const action of steps) {
      if (action.kind !== "objects") continue;
      for (const object of action.objects) objects.push(await diffObject(object, kube));
    }
    return {
      objects,
      charts: steps.flatMap((s) => (s.kind === "chart" ? [`${s.chart.chart} ${s.chart.version}`] : [])),
    };
  } finally {
    kube.close();
  }
}

async function diffObject(object: KubeObject, kube: KubeClient): Promise<ObjectDiff> {
  const name = nameObject(object);
  try {
    const before = await kube.find(refOf(object));
    if (before === undefined) return { object: name, change: "create", lines: [] };
    const after = await kube.apply(object, { fieldManager: MANAGER, force: true, dryRun: true });
    const lines = differingLines(shown(before), shown(after));
    return { object: name, change: lines.length === 0 ? "none" : "change", lines };
  } catch (error) {
    // A kind that is not served yet comes with the plan's own charts.
    if (error instanceof UnknownKindError || isNotFound(error))
      return { object: name, change: "create", lines: [] };
    if (error instanceof KubeStatusError) return { object: name, change: "refused", lines: [error.message] };
    throw error;
  }
}

/** What an object says, without what the server keeps about it. */
function shown({ metadata, ...rest }: { readonly metadata: object }): JsonObject {
  const { name, namespace, labels, annotations } = metadata as { readonly [key: string]: Json | undefined };
  const kept = { name, namespace, labels, annotations };
  return JSON.parse(JSON.stringify({ ...rest, status: undefined, metadata: kept })) as JsonObject;
}

/** Fields that differ, by their paths, each as the lines before and after. */
function differingLines(before: JsonObject, after: JsonObject): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => differing(key, before[key], after[key]));
}

function differing(path: string, before: Json | undefined, after: Json | undefined): string[] {
  if (before !== undefined && after !== undefined && canonicalText(before) === canonicalText(after))
    return [];
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differing(`${path}.${key}`, before[key], after[key]));
  }
  if (before === after) return [];
  return [...lines("-", path, before), ...lines("+", path, after)];
}

function lines(sign: string, path: string, value: Json | undefined): string[] {
  if (value === undefined) return [];
  const text = stringify({ [path]: canonical(value) }, { lineWidth: 0, aliasDuplicateObjects: false });
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `${sign} ${line}`);
}

const SIGN: Readonly<Record<ObjectDiff["change"], string>> = {
  create: "+",
  change: "~",
  none: " ",
  refused: "!",
};

export function describeDiff({ objects, charts }: PlanDiff): string {
  const changed = objects.filter(({ change }) => change !== "none");
  const count = (change: ObjectDiff["change"]): number => objects.filter((o) => o.change === change).length;
  const total = `${count("create")} to create, ${count("change")} to change, ${count("none")} as they are, ${count("refused")} refused`;
  const each = changed.map(({ object, change, lines: all }) =>
    [`${SIGN[change]} ${object}`, ...all.map((line) => `    ${line}`)].join("\n"),
  );
  const apart = charts.length === 0 ? [] : [`Not compared: the objects of the charts ${charts.join(", ")}`];
  return [...each, ...apart, total].join("\n");
}
