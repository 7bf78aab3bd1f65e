// One folder with a link to every tool there is, for the PATH of child processes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { companionsOf } from "./cache";
import { lookFor } from "./look";
import type { Site } from "./site";

export function toolsPathAt(site: Site): string {
  const links = site.manifest.tools.flatMap((spec) => {
    const tool = lookFor(site, spec);
    if (tool === undefined) return [];
    const beside = companionsOf(tool).map((file) => [file, join(dirname(tool.path), file)] as const);
    return [[spec.name, tool.path] as const, ...beside];
  });
  const digest = createHash("sha256").update(JSON.stringify(links)).digest("hex").slice(0, 12);
  const folder = join(site.cache, "bin", digest);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const staged = mkdtempSync(join(dirname(folder), ".making-"));
  for (const [name, target] of links) symlinkSync(target, join(staged, name));
  try {
    renameSync(staged, folder);
  } catch {
    rmSync(staged, { recursive: true, force: true }); // another process made the same
  }
  return folder;
}
