// Charts, CRDs and other files that come with a tool's module, copied into the cache as they are.
import { chmodSync, cpSync, mkdtempSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { unpack } from "./archive";
import { moveIntoPlace } from "./cache";
import { Interrupted, isNoSpace, messageOf, ToolsError } from "./errors";
import { dropPart, unreachable } from "./fetch";
import { findGo, isGo } from "./go";
import { moduleFolder } from "./go-packages";
import { withJob } from "./job";
import { allAssets, lookForAsset } from "./look";
import type { Job, Site } from "./site";
import { fetchVerified, releaseFor } from "./sources/download";
import type { AssetSpec } from "./spec";
import type { AssetName, InstalledAsset, Progress } from "./types";

/** Module caches are read-only; the cache must stay deletable. */
function makeWritable(path: string): void {
  const { mode } = statSync(path);
  chmodSync(path, mode | 0o200);
  if (statSync(path).isDirectory()) for (const name of readdirSync(path)) makeWritable(join(path, name));
}

/** From the module, which go.sum verifies. Returns why it cannot be had. */
async function fromModule(job: Job, spec: AssetSpec, target: string): Promise<string | undefined> {
  const go = await findGo(job, job.site.manifest.goModules[spec.goModule]);
  if (!isGo(go)) return `${go.reason}: ${go.remedy}`;
  try {
    const module = await moduleFolder(job, spec, go);
    for (const [name, path] of Object.entries(spec.files)) {
      cpSync(join(module, path), join(target, name), { recursive: true });
    }
    makeWritable(target);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

async function fromArchive(job: Job, spec: AssetSpec, target: string): Promise<string | undefined> {
  const release = spec.download && releaseFor(job.site, spec, spec.download.source);
  if (spec.download === undefined || release === undefined) return "there is no official download of it";
  const silent = await unreachable(job.site, release.url);
  if (silent !== undefined) return `${new URL(release.url).host} cannot be reached: ${silent}`;
  const roots = Object.entries(spec.files).map(
    ([name, path]) => [`${spec.download?.root}/${path}`, name] as const,
  );
  try {
    const archive = await fetchVerified(job, release);
    const taken = await unpack(archive, target, (entry) => {
      const [root, name] = roots.find(([path]) => entry.startsWith(`${path}/`)) ?? [];
      return root === undefined || name === undefined ? undefined : join(name, entry.slice(root.length + 1));
    });
    dropPart(job.site, release.url);
    const absent = roots.filter(([path]) => !taken.some((entry) => entry.startsWith(`${path}/`)));
    return absent.length === 0
      ? undefined
      : `${release.url} has no ${absent.map(([path]) => path).join(", ")}`;
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Interrupted || isNoSpace(error)) throw error;
  return messageOf(error);
}

/** Returns why the asset cannot be had. */
async function install(job: Job, spec: AssetSpec): Promise<string | undefined> {
  const reasons: string[] = [];
  for (const source of [fromModule, fromArchive]) {
    const target = mkdtempSync(join(job.staging, "asset-"));
    const reason = await source(job, spec, target);
    if (reason === undefined) {
      moveIntoPlace(target, join(job.site.cache, spec.folder));
      return undefined;
    }
    reasons.push(reason);
  }
  return `  ${spec.name} ${spec.version}:\n    ${reasons.join("\n    ")}`;
}

/** Copies what is missing into the cache. Throws `ToolsError` with all that could not be had. */
export async function installAssets(
  site: Site,
  names: readonly AssetName[],
  progress: Progress,
): Promise<ReadonlyMap<AssetName, InstalledAsset>> {
  await withJob(site, progress, async (job) => {
    const missing = site.manifest.assets.filter(
      (spec) => names.includes(spec.name) && lookForAsset(site, spec.name) === undefined,
    );
    if (missing.length > 0) progress(`Fetching ${missing.map((spec) => spec.name).join(", ")}`);
    const failures: string[] = [];
    for (const spec of missing) failures.push(...[await install(job, spec)].filter((f) => f !== undefined));
    if (failures.length > 0) throw new ToolsError(`some files could not be had:\n${failures.join("\n")}`);
  });
  const found = allAssets(site, names);
  if (found === undefined) throw new ToolsError(`files vanished from ${site.cache}: run this again`);
  return found;
}
