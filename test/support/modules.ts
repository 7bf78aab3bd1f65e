import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Sources that Go modules bring along: CRDs, samples, conformance manifests. */

const tools = join(__dirname, "../../embedded/tools/go");

function go(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): string | undefined {
  try {
    return execFileSync("go", args, {
      cwd,
      env: { ...process.env, GOFLAGS: "-mod=readonly", ...env },
      stdio: ["ignore", "pipe", "ignore"],
    })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

/** The folder of a module that the tools' own go.mod pins; undefined where it is not on this machine. */
export function moduleFolder(path: string): string | undefined {
  const found = go(["list", "-m", "-f", "{{.Dir}}", path], tools, { GOPROXY: "off" });
  return found !== undefined && found !== "" && existsSync(found) ? found : undefined;
}

export function moduleVersion(path: string): string | undefined {
  return go(["list", "-m", "-f", "{{.Version}}", path], tools, { GOPROXY: "off" });
}

/** The folder of a module that no go.mod of ours names, fetched where it is not here; undefined where it cannot be. */
export function fetchedModule(path: string, version: string): string | undefined {
  const said = go(["mod", "download", "-json", `${path}@${version}`], tmpdir(), { GOFLAGS: "-mod=mod" });
  const { Dir: folder } = JSON.parse(said ?? "{}") as { readonly Dir?: string };
  return folder !== undefined && existsSync(folder) ? folder : undefined;
}
