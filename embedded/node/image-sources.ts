import { join } from "node:path";
import { findAsset, findTool, type ToolName } from "../tools";
import type { ImageSources } from "./images";

/** Path of an installed tool; an error says how to get it. */
export function toolPath(name: ToolName): string {
  const tool = findTool(name);
  if (tool === undefined)
    throw new Error(`${name} is not installed: run "meshwright doctor" to see how to get it`);
  return tool.path;
}

/** Programs of the known images, as embedded/tools finds them. */
export const imageSources: ImageSources = {
  tool: toolPath,
  bootstrap: () => {
    const asset = findAsset("istio-bootstrap");
    if (asset === undefined)
      throw new Error(`Envoy's bootstrap template is not installed: run "meshwright doctor"`);
    return join(asset.path, "envoy_bootstrap.json");
  },
};
