// The tool cache: tools/<name>/<version>-<digest of the manifest's entry>/<name>. A folder gets that name by a rename
// when everything in it is complete, so a folder that is there can be used.
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { isAlive } from "./lock";
import type { Site } from "./site";
import type { InstalledFrom, ToolSpec } from "./spec";
import type { InstalledTool } from "./types";

const RECORD = "tool.json";

export function toolsFolder(site: Site): string {
  return join(site.cache, "tools");
}

/** Changes with the entry's version and sources, so a changed manifest never meets an old program. */
export function entryFolder(site: Site, spec: ToolSpec): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([spec.version, spec.sources, site.platform]))
    .digest("hex");
  return join(toolsFolder(site), spec.name, `${spec.version}-${digest.slice(0, 10)}`);
}

export function findInCache(site: Site, spec: ToolSpec): InstalledTool | undefined {
  const folder = entryFolder(site, spec);
  const path = join(folder, spec.name);
  try {
    const record = JSON.parse(readFileSync(join(folder, RECORD), "utf8")) as InstalledTool;
    return existsSync(path) ? { ...record, name: spec.name, path } : undefined;
  } catch {
    return undefined; // not there
  }
}

/** Files beside the program that belong with it. */
export function companionsOf(tool: InstalledTool): readonly string[] {
  if (tool.source === "path" || tool.source === "system-package") return [];
  return readdirSync(dirname(tool.path)).filter((file) => file !== tool.name && file !== RECORD);
}

/** Moves a folder that holds the complete tool into the cache. */
export function placeTool(
  site: Site,
  spec: ToolSpec,
  staged: { readonly folder: string; readonly version: string; readonly source: InstalledFrom },
): void {
  for (const file of readdirSync(staged.folder)) chmodSync(join(staged.folder, file), 0o755);
  const record = { name: spec.name, version: staged.version, source: staged.source };
  writeFileSync(join(staged.folder, RECORD), JSON.stringify(record));
  moveIntoPlace(staged.folder, entryFolder(site, spec));
}

export function moveIntoPlace(staged: string, target: string): void {
  chmodSync(staged, 0o755); // temporary folders are private; proxies run as another user
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { recursive: true, force: true }); // a folder that `findInCache` does not take is a broken one
  renameSync(staged, target);
}

/** A new folder for one job; its name holds the pid, so that `sweep` knows whose it is. */
export function makeStaging(site: Site): string {
  const parent = join(toolsFolder(site), ".staging");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, `${process.pid}-`));
}

/** Takes away what killed runs left half done. Returns how many there were. */
export function sweep(site: Site): number {
  const parent = join(toolsFolder(site), ".staging");
  if (!existsSync(parent)) return 0;
  const dead = readdirSync(parent).filter((name) => !isAlive(Number(name.split("-")[0])));
  for (const name of dead) rmSync(join(parent, name), { recursive: true, force: true });
  return dead.length;
}
