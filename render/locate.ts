import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { findAsset } from "../embedded/tools/find";
import type { AssetName } from "../embedded/tools/types";
import type { Chart } from "../mesh/plan/types";
import { RenderError } from "./errors";
import type { LocatedChart } from "./types";

/** Finds a chart where its source says, and digests it. Throws a RenderError where it is not there. */
export function locateChart(chart: Chart, folder: string): LocatedChart {
  const { source, version } = chart;
  switch (source.kind) {
    case "bundled":
      return inFolder(chart, assetFolder(source.asset));
    case "folder":
      return inFolder(chart, resolve(folder, source.path));
    case "repository": {
      const helmArgs = [chart.chart, "--repo", source.url, "--version", version];
      return { chart, helmArgs, digest: sha256(helmArgs.join("\n")) };
    }
    case "oci": {
      const helmArgs = [`${source.registry.replace(/\/$/, "")}/${chart.chart}`, "--version", version];
      return { chart, helmArgs, digest: sha256(helmArgs.join("\n")) };
    }
  }
}

function assetFolder(asset: string): string {
  const found = findAsset(asset as AssetName);
  if (found !== undefined) return found.path;
  throw new RenderError({
    code: "charts-missing",
    message: `the bundled charts (${asset}) are not installed`,
    hint: "run `npx meshwright doctor --install`, or say where charts are: charts: { kind: repository, url: … }",
  });
}

function inFolder(chart: Chart, root: string): LocatedChart {
  const path = chartFolder(root, chart.chart);
  if (path === undefined) {
    throw new RenderError({
      code: "chart-not-found",
      message: `there is no chart ${chart.chart} in ${root}`,
      hint: "the folder must hold one folder for each chart, with a Chart.yaml in it",
    });
  }
  return { chart, helmArgs: [path], digest: folderDigest(path) };
}

/** The folder of a chart: the one called so, else one or two levels down whose Chart.yaml gives that name. */
function chartFolder(root: string, name: string): string | undefined {
  const direct = join(root, name);
  if (existsSync(join(direct, "Chart.yaml"))) return direct;
  const below = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((e) => e.isDirectory())
          .map((e) => join(folder, e.name))
      : [];
  const candidates = below(root).flatMap((folder) => [folder, ...below(folder)]);
  return candidates.find((folder) => chartName(folder) === name);
}

function chartName(folder: string): string | undefined {
  const file = join(folder, "Chart.yaml");
  if (!existsSync(file)) return undefined;
  return /^name:\s*["']?([\w.-]+)/m.exec(readFileSync(file, "utf8"))?.[1];
}

/** Digest of all files of a folder, by their names and contents. */
function folderDigest(folder: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name))
    .sort();
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${file.slice(folder.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
