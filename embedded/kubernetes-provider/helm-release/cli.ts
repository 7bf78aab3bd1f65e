import { spawn } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { cacheDir } from "../../home";

/** What a `helm` command printed. */
export interface HelmOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** `helm` ended with an error; the message is its own. */
export class HelmError extends Error {
  override readonly name = "HelmError";
}

/** Helm answers `release: not found` in words only. */
export function isReleaseNotFound(error: unknown): boolean {
  return error instanceof HelmError && /release: not found/.test(error.message);
}

/** The program on PATH, else the newest that was installed into the cache. */
export function helmPath(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const found = [...folders, ...installed()]
    .map((folder) => join(folder, "helm"))
    .find((path) => existsSync(path));
  if (found) return found;
  throw new HelmError(
    "helm is not installed: put Helm 3.14 or newer on PATH, or run `meshwright doctor --install`",
  );
}

function installed(): string[] {
  const bin = join(cacheDir(), "bin");
  if (!existsSync(bin)) return [];
  const age = (folder: string) => statSync(folder).mtimeMs;
  return readdirSync(bin)
    .map((name) => join(bin, name))
    .sort((a, b) => age(b) - age(a));
}

/** Runs `helm`. When the signal fires it is asked to stop, so that it can mark the release, not killed. */
export function helm(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<HelmOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(helmPath(), args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const printed = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
    const stop = () => void child.kill("SIGTERM");
    signal?.addEventListener("abort", stop);
    child.on("error", (error) => reject(new HelmError(`cannot run helm: ${error.message}`)));
    child.on("close", (code) => {
      signal?.removeEventListener("abort", stop);
      if (code === 0) return resolve(printed);
      const said = printed.stderr.trim().replace(/^Error: /, "") || `it ended with code ${code ?? "none"}`;
      reject(new HelmError(signal?.aborted ? `it was cancelled: ${said}` : said));
    });
  });
}
