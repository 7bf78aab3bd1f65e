// The Go toolchain as the modules here need it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import coerce from "semver/functions/coerce";
import lt from "semver/functions/lt";
import { run, type Finished } from "./child";
import { firstOnPath } from "./on-path";
import type { Job, Site } from "./site";
import type { GoModule } from "./spec";

/** A Go that can build a module here. */
export interface Go {
  readonly file: string;
  readonly version: string;
  /** Where compiled packages and modules are kept. */
  readonly buildCache: string;
  readonly moduleCache: string;
}

/** Why there is none, and what to do. */
export interface NoGo {
  readonly reason: string;
  readonly remedy: string;
}

/** The least version that a go.mod asks for. */
export function leastGo(module: GoModule): string {
  return /^go (\S+)$/m.exec(readFileSync(join(module.folder, "go.mod"), "utf8"))?.[1] ?? "1.26.0";
}

/** What the user set for Go stays (proxy, caches); what would change the build does not. */
export function goEnv(site: Site, workFolder: string): NodeJS.ProcessEnv {
  const env = { ...site.env, GOFLAGS: "-mod=readonly", GOWORK: "off", GOTMPDIR: workFolder, LC_ALL: "C" };
  const { GOOS, GOARCH, GO111MODULE, ...rest } = env as Record<string, string | undefined>;
  void [GOOS, GOARCH, GO111MODULE];
  return rest;
}

/** Runs `go` in the module's folder. */
export function goRun(
  job: Job,
  module: GoModule,
  call: { readonly file: string; readonly args: readonly string[]; readonly onLine?: (line: string) => void },
): Promise<Finished> {
  return run({ ...call, cwd: module.folder, env: goEnv(job.site, job.staging) }, job.signal);
}

export async function findGo(job: Job, module: GoModule): Promise<Go | NoGo> {
  const least = leastGo(module);
  const remedy = `install Go ${least} or newer: https://go.dev/dl`;
  const file = firstOnPath(job.site, "go");
  if (file === undefined) return { reason: "there is no go on PATH", remedy };
  const args = ["env", "GOVERSION", "GOCACHE", "GOMODCACHE"];
  // In the module's folder a newer Go than the one on PATH may answer: Go fetches toolchains by itself unless told not to.
  const { code, stdout, stderr } = await goRun(job, module, { file, args });
  const [version = "", buildCache = "", moduleCache = ""] = stdout.split("\n");
  if (code !== 0) return { reason: stderr.split("\n")[0] ?? `${file} env failed`, remedy };
  const found = coerce(version);
  if (found === null || lt(found, coerce(least) ?? "1.26.0")) {
    return { reason: `${file} is ${version}, too old`, remedy };
  }
  return { file, version: version.replace(/^go/, ""), buildCache, moduleCache };
}

export function isGo(go: Go | NoGo): go is Go {
  return "file" in go;
}
