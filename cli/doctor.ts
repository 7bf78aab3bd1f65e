// `meshwright doctor`: each tool, its version, where it comes from, and what is missing.
import { spawnSync } from "node:child_process";
import { Command } from "commander";
import { diagnose, findMeans, type Means, type ToolState } from "../embedded/tools/diagnose";
import { isGo } from "../embedded/tools/go";
import { groups } from "../embedded/tools/manifest";
import { firstOnPath } from "../embedded/tools/on-path";
import { osOf, thisSite, type Site } from "../embedded/tools/site";
import type { ToolName } from "../embedded/tools/types";
import { exitCode } from "./exit";
import { terminalOutput } from "./output";
import { table } from "./table";

/** One fact about the machine. `advice` is there only where something is to be done. */
export interface MachineFact {
  readonly what: string;
  readonly value: string;
  readonly advice?: string;
}

export interface Checkup {
  readonly tools: readonly ToolState[];
  readonly machine: readonly MachineFact[];
  /** The data plane of the embedded cluster needs Linux, root and network namespaces. */
  readonly dataPlane: boolean;
  /** Everything that `npm run up` needs is there or would be installed by it. */
  readonly ready: boolean;
}

const BUILD_GB = 12;

function canMakeNamespaces(site: Site): boolean {
  if (osOf(site) !== "linux" || !site.root) return false;
  const unshare = firstOnPath(site, "unshare");
  return unshare !== undefined && spawnSync(unshare, ["--net", "true"]).status === 0;
}

function machineFacts(
  site: Site,
  means: Means,
  facts: { dataPlane: boolean; builds: boolean },
): MachineFact[] {
  const go = means.go.tools;
  const gigabytes = site.freeBytes(site.cache) / 1e9;
  const tight = facts.builds && gigabytes < BUILD_GB;
  return [
    { what: "Node", value: process.versions.node },
    isGo(go)
      ? { what: "Go", value: `${go.version} (${go.file})` }
      : { what: "Go", value: go.reason, ...(facts.builds ? { advice: go.remedy } : {}) },
    { what: "Python", value: means.python ?? "none: needed only for PyPI wheels" },
    { what: "root", value: site.root ? "yes" : "no" },
    {
      what: "cache",
      value: `${site.cache}, ${gigabytes.toFixed(1)} GB free`,
      ...(tight ? { advice: `a build from source with empty caches needs about ${BUILD_GB} GB` } : {}),
    },
    {
      what: "data plane",
      value: facts.dataPlane
        ? "yes: sidecars run as processes in network namespaces"
        : "no: it needs Linux, root and network namespaces; istiod runs, proof is by its xDS answers",
    },
  ];
}

/** Looks at everything, installs nothing. */
export async function examine(site: Site): Promise<Checkup> {
  const means = await findMeans(site);
  const dataPlane = canMakeNamespaces(site);
  const tools = await Promise.all(site.manifest.tools.map((spec) => diagnose(site, means, spec)));
  const needed: readonly ToolName[] = [
    ...groups.engine,
    ...groups.cluster,
    ...groups.verify,
    ...(dataPlane ? groups.dataplane : []),
  ];
  const there = (tool: ToolState): boolean => tool.found !== undefined || tool.installable !== undefined;
  const builds = tools.some(
    (tool) => tool.found === undefined && tool.installable?.startsWith("build") !== false,
  );
  return {
    tools,
    machine: machineFacts(site, means, { dataPlane, builds }),
    dataPlane,
    ready: tools.every((tool) => there(tool) || !needed.some((name) => name === tool.name)),
  };
}

function state(tool: ToolState): string {
  if (tool.found !== undefined) return "ok";
  const command = groups.prove.some((name) => name === tool.name) ? "prove" : "up";
  if (tool.installable !== undefined)
    return `missing; \`npm run ${command}\` would ${installVerb(tool.installable)}`;
  return `missing: ${tool.advice.join("; ")}`;
}

function installVerb(way: string): string {
  return /^(build|download)/.test(way)
    ? `${way.split(" ")[0]} it${way.replace(/^\S+/, "")}`
    : `install it: ${way}`;
}

export function formatCheckup(checkup: Checkup): string {
  const tools = checkup.tools.flatMap((tool) => [
    [
      tool.name,
      tool.needed,
      tool.found?.version ?? "-",
      tool.found?.source ?? "-",
      tool.found?.path ?? "-",
      state(tool),
    ],
    ...tool.unfit.map((other) => ["", "", other.version, "path", other.path, "does not fit, not used"]),
  ]);
  const machine = checkup.machine.map((fact) => [
    fact.what,
    fact.advice === undefined ? fact.value : `${fact.value}; ${fact.advice}`,
  ]);
  const verdict = checkup.ready
    ? "Ready: all that `npm run up` needs is there, or would be installed by it."
    : "Not ready: mend what is marked missing, then run this again.";
  const heading = ["TOOL", "NEEDED", "FOUND", "SOURCE", "PATH", "STATE"];
  return `${table([heading, ...tools])}\n\n${table(machine)}\n\n${verdict}`;
}

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("print each tool, its version and source, and what is missing")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const checkup = await examine(thisSite());
      terminalOutput(options.json === true).result(() => formatCheckup(checkup), checkup);
      process.exitCode = checkup.ready ? exitCode.ok : exitCode.failed;
    });
}
