import { execFile } from "node:child_process";

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The environment for system programs: those of /sbin are not on every user's PATH. Nothing else of the agent's own, by
 * which its starter would take what it starts for the agent itself.
 */
export function systemEnv(): NodeJS.ProcessEnv {
  return { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/bin:/sbin:/bin`, LC_ALL: "C" };
}

/** Runs a program to its end; a non-zero exit is a result, a program that cannot be started is an error. */
export function tryRun(argv: readonly string[], input?: string): Promise<RunResult> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { env: systemEnv(), maxBuffer: 16 << 20 },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code === "string") {
          const hint =
            error.code === "ENOENT" ? `install it (Debian: packages iproute2, util-linux, iptables)` : "";
          reject(new Error(`${program} cannot be run: ${error.message}${hint === "" ? "" : `; ${hint}`}`));
        } else
          resolve({
            code: error === null ? 0 : typeof error.code === "number" ? error.code : 137,
            stdout,
            stderr,
          });
      },
    );
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}

/** Runs a program and answers its stdout; a non-zero exit is an error with the program's own words. */
export async function run(argv: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await tryRun(argv, input);
  if (code !== 0) throw new Error(`${argv.join(" ")} failed (exit ${code}): ${(stderr || stdout).trim()}`);
  return stdout;
}
