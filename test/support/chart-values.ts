import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isJsonObject, type Json, type JsonObject } from "../../lib";
import type { MeshPlan } from "../../mesh/plan/types";

/** The values that charts take, of charts that cannot be fetched everywhere: `<folder>/<chart>/values*.yaml`. */

const repository = join(__dirname, "../..");

function folder(): string | undefined {
  const own = process.env["MESHWRIGHT_SHARED"];
  const candidates = [...(own === undefined ? [] : [own]), join(repository, "../shared")];
  return candidates.map((path) => join(path, "data/chart-values")).find((path) => existsSync(path));
}

const values = folder();

function read(chart: string, file: string): { readonly values: JsonObject; readonly text: string } {
  const path = join(values ?? "", chart, file);
  if (!existsSync(path)) return { values: {}, text: "" };
  const text = readFileSync(path, "utf8");
  return { values: (parse(text) as JsonObject | null) ?? {}, text };
}

/** What is wrong with the values set for a chart: those that it does not have, and those of another type. */
export function valueFaults(chart: string, set: JsonObject): string[] {
  const own = read(chart, "values.yaml");
  if (own.text === "") return [`${chart}: no values.yaml of it here`];
  const ha = read(chart, "values-ha.yaml");
  return compare(set, merge(own.values, ha.values), chart);
}

/** The faults of every chart of a plan. */
export function planValueFaults(plan: MeshPlan): string[] {
  return plan.steps.flatMap(({ do: action }) =>
    action.kind === "chart" ? valueFaults(action.chart.chart, action.chart.values) : [],
  );
}

function merge(a: JsonObject, b: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const known = merged[key];
    merged[key] = isJsonObject(known) && isJsonObject(value) ? merge(known, value) : value;
  }
  return merged;
}

/** An empty map or list takes anything; so does a value that has no default. */
function compare(set: Json, known: Json | undefined, path: string): string[] {
  if (known === undefined) return [`${path}: the chart has no such value`];
  // Consul's chart writes `-` for a switch that is as a more general one says.
  if (known === null || known === "-") return [];
  if (Array.isArray(known)) return Array.isArray(set) ? [] : [`${path}: not a list`];
  if (isJsonObject(known)) {
    if (!isJsonObject(set)) return [`${path}: not a section`];
    if (Object.keys(known).length === 0) return [];
    return Object.entries(set).flatMap(([key, value]) => compare(value, known[key], `${path}.${key}`));
  }
  return typeof set === typeof known ? [] : [`${path}: ${typeof set} instead of ${typeof known}`];
}

/** `describe` where the values are; else skipped with the reason, or a failure where CI=true. */
export function whereChartValuesAre(name: string, tests: () => void): void {
  if (values !== undefined) {
    describe(name, tests);
    return;
  }
  const reason = "no chart values: the shared data (MESHWRIGHT_SHARED) is not here";
  if (process.env["CI"] === "true") throw new Error(reason);
  process.stderr.write(`skipped, ${reason}\n`);
  describe.skip(name, tests);
}
