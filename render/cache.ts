import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../embedded/home";
import type { InstalledTool } from "../embedded/tools/types";
import { canonicalText, type Json } from "../lib";
import type { KubeObject } from "../mesh/plan/types";
import { sha256 } from "./locate";
import type { LocatedChart } from "./types";

/** Changes whenever what is kept, or how it is made from Helm's output, changes. */
const FORMAT = 1;

/** Everything that a render depends on, as one name. */
export function renderKey(located: LocatedChart, helm: InstalledTool, kubernetesVersion: string): string {
  const { chart, release, namespace, version, values } = located.chart;
  const parts: Json = { FORMAT, chart, release, namespace, version, values, kubernetesVersion };
  return sha256(canonicalText({ parts, digest: located.digest, helm: helm.version }));
}

/** The objects of an earlier render; undefined where there is none, or what is there cannot be read. */
export function readRender(key: string): readonly KubeObject[] | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(key), "utf8")) as readonly KubeObject[];
  } catch {
    return undefined;
  }
}

/** Keeps a render. Written beside and moved into place, so that nobody ever reads half of one. */
export function writeRender(key: string, objects: readonly KubeObject[]): void {
  const file = fileOf(key);
  const part = `${file}.${process.pid}.part`;
  try {
    mkdirSync(join(cacheDir(), "renders"), { recursive: true });
    writeFileSync(part, JSON.stringify(objects), { mode: 0o600 });
    renameSync(part, file);
  } catch {
    // A cache that cannot be written, on a full disk say, costs time and nothing else.
    drop(part);
  }
}

function drop(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It was never there.
  }
}

function fileOf(key: string): string {
  return join(cacheDir(), "renders", `${key}.json`);
}
