// Programs the user has already. Asking one for its version costs a process, so answers are kept by path, time and
// size: later starts only look at the files.
import { spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import type { Site } from "./site";
import type { ToolSpec } from "./spec";
import type { InstalledTool } from "./types";
import { fits, versionIn } from "./versions";

/** What a program said of its version; null where it could not say. */
interface Answer {
  readonly mtimeMs: number;
  readonly size: number;
  readonly version: string | null;
}

const VERSION_TIMEOUT_MS = 15_000;

function answersFile(site: Site): string {
  return join(site.cache, "tools", "path-versions.json");
}

function readAnswers(site: Site): Record<string, Answer> {
  try {
    return JSON.parse(readFileSync(answersFile(site), "utf8")) as Record<string, Answer>;
  } catch {
    return {}; // none yet, or cut short: programs are asked again
  }
}

function remember(site: Site, key: string, answer: Answer): void {
  const file = answersFile(site);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify({ ...readAnswers(site), [key]: answer }, null, 1));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A cache that cannot be written only costs time.
  }
}

/** Runs the program's version command. Undefined where it has none, fails, or prints none. */
export function askVersion(spec: ToolSpec, file: string): string | undefined {
  if (spec.versionArgs.length === 0) return undefined;
  const { stdout, stderr } = spawnSync(file, spec.versionArgs, {
    encoding: "utf8",
    timeout: VERSION_TIMEOUT_MS,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return versionIn(stdout ?? "") ?? versionIn(stderr ?? "");
}

function versionOf(site: Site, spec: ToolSpec, file: string): string | undefined {
  const { mtimeMs, size } = statSync(file);
  const key = [file, ...spec.versionArgs].join(" ");
  const known = readAnswers(site)[key];
  if (known?.mtimeMs === mtimeMs && known.size === size) return known.version ?? undefined;
  const version = askVersion(spec, file);
  remember(site, key, { mtimeMs, size, version: version ?? null });
  return version;
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Every file of that name on PATH, in PATH's order. */
export function allOnPath(site: Site, name: string): readonly string[] {
  const folders = (site.env["PATH"] ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  return [...new Set(folders)].map((folder) => join(folder, name)).filter(executable);
}

export function firstOnPath(site: Site, name: string): string | undefined {
  return allOnPath(site, name)[0];
}

/** The same, with the folders of system programs that Debian leaves out of a user's PATH. */
function candidates(site: Site, spec: ToolSpec): readonly string[] {
  const system = spec.sources.some((source) => source.kind === "system-package");
  const own = allOnPath(site, spec.name);
  if (!system || site.env["PATH"] === undefined) return own;
  const more = { ...site, env: { PATH: "/usr/local/sbin:/usr/sbin:/sbin" } };
  return [...own, ...allOnPath(more, spec.name)];
}

export interface Sighting {
  readonly path: string;
  readonly version: string | undefined;
  readonly fits: boolean;
}

/** All programs of that name on PATH with their versions, fitting or not. */
export function sightings(site: Site, spec: ToolSpec): readonly Sighting[] {
  const leader = site.manifest.tools.find((other) => other.name === spec.beside);
  const leaderPath = leader && findOnPath(site, leader)?.path;
  return candidates(site, spec).map((path) => {
    if (leader === undefined) {
      const version = versionOf(site, spec, path);
      return { path, version, fits: fits(version, spec.accepts) };
    }
    const together = leaderPath !== undefined && dirname(leaderPath) === dirname(path);
    return { path, version: together ? versionOf(site, leader, leaderPath) : undefined, fits: together };
  });
}

/** The first program on PATH whose version fits. */
export function findOnPath(site: Site, spec: ToolSpec): InstalledTool | undefined {
  const found = sightings(site, spec).find((s) => s.fits);
  return found && { name: spec.name, version: found.version ?? "unknown", path: found.path, source: "path" };
}
