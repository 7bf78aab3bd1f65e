// What a build is made of: its modules and packages, and how many of them Go's caches have already.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isNoSpace, noSpace } from "./errors";
import { goRun, type Go } from "./go";
import { pulse } from "./progress";
import type { Job } from "./site";
import type { GoModule, GoModuleName } from "./spec";

export interface Packages {
  readonly total: number;
  /** Not compiled yet. */
  readonly stale: number;
}

/** Go could not even list or fetch what it should build. */
export class GoModulesFailed extends Error {}

const CACHED = "available in build cache";

/** At most so many modules are fetched: those whose content go.sum names. */
function moduleCount(module: GoModule): number {
  const lines = readFileSync(join(module.folder, "go.sum"), "utf8").split("\n");
  return lines.filter((line) => line !== "" && !line.includes("/go.mod h1:")).length;
}

async function list(job: Job, module: GoModule, call: { go: Go; args: readonly string[] }): Promise<string> {
  let fetched = 0;
  const most = moduleCount(module);
  const stop = pulse(job, () =>
    fetched === 0 ? "Looking at what is to be built" : `Fetching Go modules: ${fetched} of at most ${most}`,
  );
  const onLine = (line: string): void => void (line.startsWith("go: downloading ") && fetched++);
  try {
    const done = await goRun(job, module, { file: call.go.file, args: call.args, onLine });
    if (done.code === 0) return done.stdout;
    if (isNoSpace(done.stderr)) {
      throw noSpace(call.go.moduleCache, module.buildBytes, job.site.freeBytes(call.go.moduleCache));
    }
    const said = done.stderr.split("\n").filter((line) => !line.startsWith("go: downloading "));
    throw new GoModulesFailed(said.slice(0, 6).join("\n      ") || "go failed without a word");
  } finally {
    stop();
  }
}

/** Fetches what is missing of the packages' modules, and counts the packages. Throws `GoModulesFailed`. */
export async function packagesToCompile(
  job: Job,
  module: GoModule,
  build: { readonly go: Go; readonly packages: readonly string[] },
): Promise<Packages> {
  const args = ["list", "-trimpath", "-deps", "-f", "{{.Stale}} {{.StaleReason}}", ...build.packages];
  const lines = (await list(job, module, { go: build.go, args })).trim().split("\n");
  const stale = lines.filter((line) => line.startsWith("true") && !line.includes(CACHED)).length;
  return { total: lines.length, stale };
}

/** The folder of a module's sources, fetched and verified by go.sum. Throws `GoModulesFailed`. */
export async function moduleFolder(
  job: Job,
  wanted: { readonly goModule: GoModuleName; readonly module: string },
  go: Go,
): Promise<string> {
  const module = job.site.manifest.goModules[wanted.goModule];
  const args = ["mod", "download", "-json", wanted.module];
  const answer = JSON.parse(await list(job, module, { go, args })) as { Dir?: string; Error?: string };
  if (answer.Dir === undefined) throw new GoModulesFailed(answer.Error ?? `${wanted.module} has no folder`);
  return answer.Dir;
}
