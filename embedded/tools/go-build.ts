// One `go build` for many programs: what they share compiles once, and Go's build cache keeps every package that was
// compiled, so a build that was cut short goes on where it stopped.
import { mkdtempSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { isNoSpace, noSpace } from "./errors";
import { goRun, type Go } from "./go";
import { GoModulesFailed, packagesToCompile, type Packages } from "./go-packages";
import { duration, estimate, pulse } from "./progress";
import type { Job } from "./site";
import type { GoModule, GoSource } from "./spec";

export interface GoBuild {
  readonly module: GoModule;
  readonly go: Go;
  readonly programs: readonly GoSource[];
  /** What users know the programs as. */
  readonly names: readonly string[];
}

/** A folder with the programs that were built, and what went wrong with the others. */
export interface Built {
  readonly folder: string;
  readonly error: string | undefined;
}

const PROGRAM_BYTES = 0.2e9;

/** What `go build -o <folder>` calls a program: its package's last element that is no major version. */
export function binaryName(path: string): string {
  return basename(path.replace(/\/v\d+$/, ""));
}

function linkFlags({ package: name, variables = {} }: GoSource): string {
  const settings = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`);
  return `-ldflags=${name}=${["-s", "-w", ...settings].join(" ")}`;
}

/** What the compiler said, without the names of packages that went well. */
export function compileError(stderr: string): string {
  const said = stderr.split("\n").filter((line) => line.startsWith("#") || /[\s:]/.test(line));
  return said.slice(0, 12).join("\n      ") || "go build failed without a word";
}

const packagesOf = (build: GoBuild): readonly string[] => build.programs.map((source) => source.package);

/**
 * Throws where the disk is too small, before anything is written. A disk that could not hold the whole build may still
 * hold what is left of it: then what Go has already is counted, without the network.
 */
export async function requireSpace(job: Job, build: GoBuild): Promise<void> {
  const folders = [build.go.buildCache, build.go.moduleCache, job.site.cache];
  const free = (folder: string): number => job.site.freeBytes(folder);
  const tightest = folders.reduce((least, folder) => (free(folder) < free(least) ? folder : least));
  const need = (share: number): number =>
    build.module.buildBytes * share + build.programs.length * PROGRAM_BYTES;
  if (free(tightest) >= need(1)) return;
  const offline: Job = { ...job, site: { ...job.site, env: { ...job.site.env, GOPROXY: "off" } } };
  const { total, stale } = await packagesToCompile(offline, build.module, {
    go: build.go,
    packages: packagesOf(build),
  }).catch((error: unknown): Packages => {
    if (error instanceof GoModulesFailed) return { total: 1, stale: 1 };
    throw error;
  });
  if (free(tightest) < need(stale / total)) throw noSpace(tightest, need(stale / total), free(tightest));
}

/** Says where the build stands; returns how to count a line of `go build -v`, and how to stop. */
function follow(job: Job, packages: Packages, place: { programs: number; folder: string }) {
  const started = Date.now();
  let compiled = 0;
  const state = () =>
    estimate({
      packages: packages.stale,
      compiled,
      programs: place.programs,
      linked: readdirSync(place.folder).length,
      seconds: (Date.now() - started) / 1000,
      cores: availableParallelism(),
    });
  const first = state();
  const stop = pulse(job, () => {
    const { percent, secondsLeft } = state();
    const count = compiled < packages.stale ? `${compiled} of ${packages.stale} packages` : "linking";
    return `Building from source: ${percent}% (${count}), about ${duration(secondsLeft)} left`;
  });
  const count = (line: string): void => void (/^[^\s:#]+$/.test(line) && compiled++);
  return { count, stop, secondsLeft: first.secondsLeft };
}

/** Builds the programs. Throws `GoModulesFailed` where their modules cannot be had. */
export async function goBuild(job: Job, build: GoBuild): Promise<Built> {
  const { go, module, programs } = build;
  const packages = await packagesToCompile(job, module, { go, packages: packagesOf(build) });
  const folder = mkdtempSync(join(job.staging, "programs-"));
  const { count, stop, secondsLeft } = follow(job, packages, { programs: programs.length, folder });
  job.progress(
    `Building from source with Go ${go.version}: ${build.names.join(", ")} ` +
      `(${packages.stale} of ${packages.total} packages to compile, about ${duration(secondsLeft)})`,
  );
  const flags = ["-v", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", ...programs.map(linkFlags)];
  const args = ["build", ...flags, "-o", `${folder}/`, ...packagesOf(build)];
  try {
    const { code, stderr } = await goRun(job, module, { file: go.file, args, onLine: count });
    if (code !== 0 && isNoSpace(stderr)) {
      throw noSpace(go.buildCache, module.buildBytes, job.site.freeBytes(go.buildCache));
    }
    return { folder, error: code === 0 ? undefined : compileError(stderr) };
  } finally {
    stop();
  }
}
