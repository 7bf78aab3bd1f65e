import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Site } from "../../../embedded/tools/site";
import type { GoModule, Source, ToolSpec } from "../../../embedded/tools/spec";
import type { ToolName } from "../../../embedded/tools/types";

/** A folder of its own for each test; `clean` takes all of them away. */
const folders: string[] = [];

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "meshwright-tools-"));
  folders.push(made);
  return made;
}

export function clean(): void {
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
}

export function write(path: string, content: string, mode = 0o644): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** A program that prints its version, as a shell script. */
export function program(version: string): string {
  return `#!/bin/sh\necho "tool version v${version}"\n`;
}

export function spec(name: ToolName, sources: readonly Source[]): ToolSpec {
  return {
    name,
    version: "1.2.3",
    purpose: "a test",
    accepts: ">=1.2.0 <1.3.0",
    versionArgs: ["--version"],
    on: ["linux", "darwin"],
    sources,
  };
}

const nowhere: GoModule = { folder: "/nowhere", buildBytes: 0 };

/** A site with nothing on PATH, an empty cache, and these tools. */
export function site(tools: readonly ToolSpec[], over: Partial<Site> = {}): Site {
  return {
    manifest: { tools, assets: [], goModules: { tools: nowhere, "language-host": nowhere, consul: nowhere } },
    cache: folder(),
    platform: "linux-amd64",
    env: { PATH: folder() },
    root: false,
    patience: { probeMs: 1_000, stallMs: 1_000 },
    freeBytes: () => 100e9,
    ...over,
  };
}

/** A PATH with these programs of this machine alone. */
export function pathWith(programs: Readonly<Record<string, string>>): string {
  const made = folder();
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, join(made, name));
  return made;
}

/** The lines that were said. */
export function listener(): { readonly said: string[]; readonly progress: (line: string) => void } {
  const said: string[] = [];
  return { said, progress: (line) => void said.push(line) };
}
