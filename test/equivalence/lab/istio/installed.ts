import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { findAsset } from "../../../../embedded/tools";
import type { AssetName } from "../../../../embedded/tools/types";
import type { KubeObject } from "../../../../kube";

/** Istio's own kinds, and the Gateway API's of one channel. */
export function customResources(channel: "standard" | "experimental"): KubeObject[] {
  const istio = join(assetPath("istio-charts"), "base", "files", "crd-all.gen.yaml");
  const folder = join(assetPath("gateway-api-crds"), channel);
  const files = [istio, ...readdirSync(folder).map((name) => join(folder, name))];
  return files
    .flatMap((file) => parseAllDocuments(readFileSync(file, "utf8")))
    .flatMap((document) => (document.toJS() as KubeObject | null) ?? [])
    .filter((object) => object.kind === "CustomResourceDefinition");
}

function assetPath(name: AssetName): string {
  const asset = findAsset(name);
  if (asset === undefined) throw new Error(`${name} is missing: npx meshwright doctor --install`);
  return asset.path;
}
