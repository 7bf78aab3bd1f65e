// Programs that belong to the operating system. They are installed only as root, by the system's own package manager.
import { run } from "../child";
import type { Failure } from "../errors";
import { firstOnPath } from "../on-path";
import type { Job } from "../site";
import type { ToolSpec } from "../spec";

interface Wanted {
  readonly spec: ToolSpec;
  readonly debian: string;
}

function failed(wanted: readonly Wanted[], reason: string, remedy: string): readonly Failure[] {
  return wanted.map(({ spec }) => ({ tool: spec.name, source: "system-package", reason, remedy }));
}

async function apt(job: Job, file: string, args: readonly string[]): Promise<string | undefined> {
  const env = { ...job.site.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  const { code, stderr } = await run({ file, args, cwd: job.staging, env }, job.signal);
  return code === 0 ? undefined : (stderr.split("\n").find((line) => line.startsWith("E:")) ?? stderr);
}

export async function fromSystemPackages(job: Job, specs: readonly ToolSpec[]): Promise<readonly Failure[]> {
  const wanted = specs.flatMap((spec): readonly Wanted[] => {
    const source = spec.sources.find((s) => s.kind === "system-package");
    return source === undefined ? [] : [{ spec, debian: source.debian }];
  });
  if (wanted.length === 0) return [];
  const packages = wanted.map(({ debian }) => debian);
  const file = firstOnPath(job.site, "apt-get");
  if (file === undefined) {
    return failed(
      wanted,
      "there is no apt-get here",
      `install ${packages.join(" and ")} with this system's package manager`,
    );
  }
  const byHand = `as root: apt-get install ${packages.join(" ")}`;
  if (!job.site.root) return failed(wanted, "needs root", byHand);
  job.progress(`Installing Debian packages as root: ${packages.join(", ")} (apt-get)`);
  const install = ["install", "-y", "-q", "--no-install-recommends", ...packages];
  if ((await apt(job, file, install)) === undefined) return [];
  await apt(job, file, ["update", "-q"]); // the package lists were missing or old
  const error = await apt(job, file, install);
  return error === undefined ? [] : failed(wanted, `apt-get: ${error}`, byHand);
}
