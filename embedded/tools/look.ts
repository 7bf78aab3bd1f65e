// What is there already: files only, no network, and no process but for a program on PATH that is new.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findInCache } from "./cache";
import { findOnPath } from "./on-path";
import type { Site } from "./site";
import type { ToolSpec } from "./spec";
import type { AssetName, InstalledAsset, InstalledTool, ToolName } from "./types";

export function specsOf(site: Site, names: readonly ToolName[]): readonly ToolSpec[] {
  return site.manifest.tools.filter((spec) => names.includes(spec.name));
}

/** A fitting program on PATH, else the one in the cache. */
export function lookFor(site: Site, spec: ToolSpec): InstalledTool | undefined {
  return findOnPath(site, spec) ?? findInCache(site, spec);
}

export function lookForAsset(site: Site, name: AssetName): InstalledAsset | undefined {
  const spec = site.manifest.assets.find((asset) => asset.name === name);
  if (spec === undefined) return undefined;
  const path = join(site.cache, spec.folder);
  return existsSync(path) ? { name, version: spec.version, path } : undefined;
}

function all<Name, Found>(
  names: readonly Name[],
  look: (name: Name) => Found | undefined,
): ReadonlyMap<Name, Found> | undefined {
  const found = new Map<Name, Found>();
  for (const name of names) {
    const one = look(name);
    if (one === undefined) return undefined;
    found.set(name, one);
  }
  return found;
}

/** All of these tools; undefined where one is missing. */
export function allTools(
  site: Site,
  names: readonly ToolName[],
): ReadonlyMap<ToolName, InstalledTool> | undefined {
  const specs = new Map(specsOf(site, names).map((spec) => [spec.name, spec]));
  return all(names, (name) => {
    const spec = specs.get(name);
    return spec && lookFor(site, spec);
  });
}

/** All of these assets; undefined where one is missing. */
export function allAssets(
  site: Site,
  names: readonly AssetName[],
): ReadonlyMap<AssetName, InstalledAsset> | undefined {
  return all(names, (name) => lookForAsset(site, name));
}
