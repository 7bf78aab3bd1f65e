import { formatDiagnostics } from "../lib";
import { compile } from "../mesh/compile";
import { nameObject } from "../mesh/plan/identity";
import { inOrder } from "../mesh/plan/order";
import { printObjects } from "../mesh/plan/print";
import type { MeshPlan, Step } from "../mesh/plan/types";
import { exitCode, UserError, type ExitCode } from "./exit";
import { chosenMesh, readIntent, settled, type IntentOptions } from "./intent-source";
import type { Output } from "./output";
import { table } from "./table";
import type * as diffs from "./plan-diff";

export interface PlanOptions extends IntentOptions {
  readonly mesh?: string;
  readonly table?: true;
  readonly yaml?: true;
  readonly diff?: true;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Compiles an intent and prints what comes of it; with `--diff`, what of it a cluster does not have yet. */
export async function runPlan(options: PlanOptions, root: string, output: Output): Promise<ExitCode> {
  const shapes = [options.table, options.yaml, options.diff].filter((shape) => shape === true);
  if (shapes.length > 1)
    throw new UserError("--table, --yaml and --diff exclude each other", "choose one of them");
  const given = readIntent(options, root);
  const mesh = chosenMesh(options.mesh, given);
  const plan = settled(compile(given.intent, mesh, given.target), given);
  const warnings = [...given.warnings, ...given.locate(plan.warnings)];
  if (warnings.length > 0) output.progress(formatDiagnostics(warnings));
  if (options.diff === true) return printDiff(plan, options, output);
  output.result(() => (options.yaml === true ? printObjects(plan).trimEnd() : describePlan(plan)), plan);
  return exitCode.ok;
}

/** The plan's steps in their order, what each waits for, and what is in it. */
export function describePlan(plan: MeshPlan): string {
  const { kind, version, mode } = plan.mesh;
  const rows = inOrder(plan.steps).ordered.flatMap((step) => {
    const after = step.dependsOn.join(", ") || "-";
    return contents(step).map((what, i) => (i === 0 ? [step.id, after, what] : ["", "", what]));
  });
  return `${kind} ${version}, ${mode}\n\n${table([["STEP", "AFTER", "WHAT"], ...rows])}`;
}

function contents({ do: action }: Step): readonly string[] {
  switch (action.kind) {
    case "objects":
      return action.objects.length === 0 ? ["what the user deploys"] : action.objects.map(nameObject);
    case "chart": {
      const { chart, version, namespace } = action.chart;
      return [`chart ${chart} ${version} in ${namespace}`];
    }
    case "cloudResources":
      return action.resources.map(({ type, name }) => `${type} ${name}`);
  }
}

async function printDiff(plan: MeshPlan, options: PlanOptions, output: Output): Promise<ExitCode> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { diffPlan, describeDiff } = require("./plan-diff") as typeof diffs;
  const diff = await diffPlan(plan, options);
  output.result(() => describeDiff(diff), diff);
  return exitCode.ok;
}
