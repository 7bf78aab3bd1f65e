// What is there already, without loading what installs the rest: programs start with this on their path.
import { lookFor, lookForAsset } from "./look";
import { thisSite } from "./site";
import type { AssetName, InstalledAsset, InstalledTool, ToolName } from "./types";

/** A fitting program on PATH, else the installed one. Installs nothing. */
export function findTool(name: ToolName): InstalledTool | undefined {
  const site = thisSite();
  const spec = site.manifest.tools.find((tool) => tool.name === name);
  return spec && lookFor(site, spec);
}

/** An installed asset. Installs nothing. */
export function findAsset(name: AssetName): InstalledAsset | undefined {
  return lookForAsset(thisSite(), name);
}
