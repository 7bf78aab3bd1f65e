import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { findTool } from "../../../../embedded/tools";
import type { MeshPlan } from "../../../../mesh/plan/types";
import { whereThereAre } from "../../render/needs";
import { objectsOf } from "./plans";

const istioctl = findTool("istioctl");
const goldens = join(__dirname, "../../../golden");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "meshwright-istioctl-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const planOf = (golden: string): MeshPlan | undefined =>
  (parse(readFileSync(join(goldens, golden), "utf8")) as { plan?: MeshPlan }).plan;

/** The Istio objects of a golden plan as a file. */
function manifests(golden: string): string {
  const plan = planOf(golden);
  const objects = plan === undefined ? [] : objectsOf(plan).filter((o) => o.apiVersion.includes("istio.io/"));
  const file = join(folder, golden);
  writeFileSync(file, objects.map((o) => stringify(o, { aliasDuplicateObjects: false })).join("---\n"));
  return file;
}

/** What istioctl has to say but that EnvoyFilters are for the careful, which is known. */
function warningsOf(said: string): string[] {
  const lines = said
    .split("\n")
    .filter((line) => line.trim() !== "" && !/is valid\s*$|has warnings:/.test(line));
  return lines.filter((line) => !/^\s*\* EnvoyFilter\/.*exposes internal implementation details/.test(line));
}

whereThereAre({ istioctl })("istioctl", () => {
  const run = (...args: string[]): string => {
    const { stdout, stderr } = spawnSync(istioctl?.path ?? "", args, { encoding: "utf8" });
    return stdout + stderr;
  };
  const cases = readdirSync(goldens)
    .filter((f) => f.endsWith(".out.yaml"))
    .filter((golden) => planOf(golden) !== undefined);

  test.each(cases)("has neither errors nor warnings for %s", (golden) => {
    const file = manifests(golden);
    expect(warningsOf(run("validate", "-f", file))).toEqual([]);
    expect(run("analyze", "--use-kube=false", file)).toContain("No validation issues found");
  });
});
