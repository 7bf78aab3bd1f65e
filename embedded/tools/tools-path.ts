// One folder with a link to every tool there is, for the PATH of child processes.
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { companionsOf } from "./cache";
import { lookFor } from "./look";
import type { Site } from "./site";
import type { ToolName } from "./types";

/**
 * The language host that can be built is older than the engine: it does not see the `options` of Pulumi.yaml in the
 * engine's request, only on its command line, and would compile TypeScript by itself, slowly. The flag says what
 * Pulumi.yaml says; newer hosts accept and ignore it.
 */
const FLAGS: { readonly [tool in ToolName]?: readonly string[] } = {
  "pulumi-language-nodejs": ["-typescript=false"],
};

export function toolsPathAt(site: Site): string {
  const links = site.manifest.tools.flatMap((spec) => {
    const tool = lookFor(site, spec);
    if (tool === undefined) return [];
    const beside = companionsOf(tool).map((file) => [file, join(dirname(tool.path), file)] as const);
    return [[spec.name, tool.path] as const, ...beside];
  });
  const digest = createHash("sha256")
    .update(JSON.stringify(["hard links", links, FLAGS]))
    .digest("hex")
    .slice(0, 12);
  const folder = join(site.cache, "bin", digest);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const staged = mkdtempSync(join(dirname(folder), ".making-"));
  for (const [name, target] of links) {
    const flags = FLAGS[name as ToolName];
    if (flags === undefined) link(site, target, join(staged, name));
    else writeFileSync(join(staged, name), launcher(target, flags), { mode: 0o755 });
  }
  chmodSync(staged, 0o755); // temporary folders are private; proxies run as another user
  try {
    renameSync(staged, folder);
  } catch {
    rmSync(staged, { recursive: true, force: true }); // another process made the same
  }
  return folder;
}

/**
 * The engine looks for its plugins beside its own file, and warns of those it finds elsewhere: with a hard link, this
 * folder is where its file lies. What is on the user's PATH is a link to there.
 */
function link(site: Site, target: string, name: string): void {
  if (!target.startsWith(site.cache)) return symlinkSync(target, name);
  try {
    linkSync(target, name);
  } catch {
    symlinkSync(target, name); // a file system without hard links
  }
}

/** `exec`, so that signals meant for the tool reach it. */
function launcher(target: string, flags: readonly string[]): string {
  const words = [target, ...flags].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`;
}
