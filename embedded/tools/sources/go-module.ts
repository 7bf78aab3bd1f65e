// Builds from pinned Go modules, one build for each go.mod.
import { copyFileSync, existsSync, mkdtempSync, renameSync } from "node:fs";
import { basename, join } from "node:path";
import { placeTool } from "../cache";
import type { Failure } from "../errors";
import { findGo, isGo, type Go } from "../go";
import { binaryName, goBuild, requireSpace, type GoBuild } from "../go-build";
import { GoModulesFailed, moduleFolder } from "../go-packages";
import type { Job } from "../site";
import type { GoSource, ToolSpec } from "../spec";
import { confirm } from "./confirm";

interface Wanted {
  readonly spec: ToolSpec;
  readonly source: GoSource;
}

/** What is wanted of one go.mod. */
export interface Batch {
  readonly wanted: readonly Wanted[];
  readonly build: GoBuild;
}

function failed(wanted: readonly Wanted[], reason: string, remedy?: string): readonly Failure[] {
  return wanted.map(({ spec }) => ({
    tool: spec.name,
    source: "go" as const,
    reason,
    ...(remedy === undefined ? {} : { remedy }),
  }));
}

/** Sorts tools by go.mod and looks for a Go that can build them; writes nothing. Throws where the disk is too small. */
export async function prepareGoBuilds(
  job: Job,
  specs: readonly ToolSpec[],
): Promise<{ readonly batches: readonly Batch[]; readonly failures: readonly Failure[] }> {
  const wanted = specs.flatMap((spec): readonly Wanted[] => {
    const source = spec.sources.find((s) => s.kind === "go");
    return source === undefined ? [] : [{ spec, source }];
  });
  const batches: Batch[] = [];
  const failures: Failure[] = [];
  for (const name of new Set(wanted.map(({ source }) => source.goModule))) {
    const module = job.site.manifest.goModules[name];
    const own = wanted.filter(({ source }) => source.goModule === name);
    const go = await findGo(job, module);
    if (!isGo(go)) {
      failures.push(...failed(own, go.reason, go.remedy));
      continue;
    }
    const programs = own.map(({ source }) => source);
    const build = { module, go, programs, names: own.map(({ spec }) => spec.name) };
    await requireSpace(job, build);
    batches.push({ wanted: own, build });
  }
  return { batches, failures };
}

async function place(job: Job, { spec, source }: Wanted, built: { file: string; go: Go }): Promise<void> {
  const folder = mkdtempSync(join(job.staging, "tool-"));
  renameSync(built.file, join(folder, spec.name));
  if (source.companions !== undefined) {
    const module = await moduleFolder(job, source, built.go);
    for (const path of source.companions) copyFileSync(join(module, path), join(folder, basename(path)));
  }
  const version = confirm(spec, join(folder, spec.name));
  placeTool(job.site, spec, { folder, version, source: "go" });
}

/** Builds a batch and installs each program that came out of it. */
export async function fromGoModule(job: Job, { wanted, build }: Batch): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  try {
    const { folder, error } = await goBuild(job, build);
    for (const one of wanted) {
      const file = join(folder, binaryName(one.source.package));
      if (existsSync(file)) await place(job, one, { file, go: build.go });
      else failures.push(...failed([one], error ?? "go build made no program"));
    }
  } catch (error) {
    if (!(error instanceof GoModulesFailed)) throw error;
    const remedy = "let this machine reach a Go module proxy (see `go env GOPROXY`), then run this again";
    return failed(wanted, error.message, remedy);
  }
  return failures;
}
