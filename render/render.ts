import { findTool } from "../embedded/tools/find";
import type { InstalledTool } from "../embedded/tools/types";
import { errorAt, fail, settle, warningAt, type Diagnostic, type Result } from "../lib";
import { checkPlan } from "../mesh/plan/check";
import { nameObject } from "../mesh/plan/identity";
import type { Chart, KubeObject, MeshPlan } from "../mesh/plan/types";
import { readRender, renderKey, writeRender } from "./cache";
import { RenderError } from "./errors";
import { helmTemplate } from "./helm";
import { locateChart } from "./locate";
import { HOOK } from "./hook";
import type * as reader from "./objects";
import { refsOf } from "./refs";
import { objectSteps } from "./steps";
import type { RenderContext } from "./types";

/**
 * The plan with every chart step turned into steps of objects: CRDs first (`<id>/crds`), the rest under the step's id.
 * Charts are rendered side by side, or read from the cache, in some milliseconds.
 * Fails, with all reasons at once, where Helm or a chart is missing, unreachable, or refuses its values.
 */
export async function renderPlan(plan: MeshPlan, context: RenderContext): Promise<Result<MeshPlan>> {
  const rendered = await Promise.all(
    plan.steps.map(async (step) => {
      if (step.do.kind !== "chart") return { steps: [step], found: [] };
      const result = await renderStep(step.do.chart, context);
      if (!result.ok) return { steps: [], found: result.diagnostics };
      return { steps: objectSteps(step, result.value), found: result.warnings };
    }),
  );
  const found = distinct(rendered.flatMap((r) => r.found));
  if (found.some((d) => d.severity === "error")) return fail(found);
  const whole = { ...plan, steps: rendered.flatMap((r) => r.steps) };
  return settle(whole, [...found, ...checkPlan(whole)]);
}

/** What keeps one chart from being rendered often keeps them all: said once. */
function distinct(found: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(found.map((d) => [d.message, d])).values()];
}

/** One chart's objects in the chart's order; a failure as a diagnostic. */
async function renderStep(chart: Chart, context: RenderContext): Promise<Result<readonly KubeObject[]>> {
  try {
    const objects = await renderChart(chart, context);
    return settle(
      objects,
      objects.flatMap((object) => hookWarning(object, chart)),
    );
  } catch (error) {
    if (!(error instanceof RenderError)) throw error;
    return fail([errorAt([], error.finding)]);
  }
}

async function renderChart(chart: Chart, context: RenderContext): Promise<readonly KubeObject[]> {
  const { kubernetesVersion, folder = process.cwd(), progress } = context;
  refuseRefs(chart);
  const helm = helmCli();
  const located = locateChart(chart, folder);
  const key = renderKey(located, helm, kubernetesVersion);
  const kept = readRender(key);
  if (kept !== undefined) return kept;
  progress?.(`rendering chart ${chart.chart} ${chart.version}`);
  const manifests = await helmTemplate(located, helm.path, kubernetesVersion);
  // It brings a YAML parser, which nothing that is cached needs. (tsx/cjs cannot `import()` a TypeScript file.)
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { objectsOf } = require("./objects") as typeof reader;
  const objects = objectsOf(manifests, chart);
  if (!objects.some(holdsSecrets)) writeRender(key, objects);
  return objects;
}

/** Keys that a chart makes anew on each render are nothing to keep, and nothing to leave lying about in a cache. */
function holdsSecrets({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion === "v1" && kind === "Secret";
}

/** A value that is only known when the engine runs cannot go through Helm before it does. */
function refuseRefs(chart: Chart): void {
  const refs = [...new Set(refsOf(chart.values))];
  if (refs.length === 0) return;
  throw new RenderError({
    code: "chart-refs",
    message: `the values of chart ${chart.chart} refer to ${refs.join(", ")}, known only at deploy time`,
    hint: "hand such values over in a Secret that the chart names",
  });
}

function helmCli(): InstalledTool {
  const helm = findTool("helm");
  if (helm !== undefined) return helm;
  throw new RenderError({
    code: "helm-missing",
    message: "the Helm CLI is neither on PATH nor installed",
    hint: "run `npx meshwright doctor --install`, or put Helm 3.18 or newer on PATH",
  });
}

function hookWarning(object: KubeObject, { chart }: Chart): Diagnostic[] {
  const hook = object.metadata.annotations?.[HOOK];
  if (hook === undefined) return [];
  const message = `${nameObject(object)} of chart ${chart} is a ${hook} hook, and is applied like any other object`;
  return [warningAt([], { code: "chart-hook", message })];
}
