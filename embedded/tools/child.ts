import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { Interrupted } from "./errors";

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Gets each line of stderr as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  /** The last lines of it. */
  readonly stderr: string;
}

const KEPT_LINES = 60;
const GRACE_MS = 3_000;

/** The whole group goes: a compiler that outlives its parent would go on writing. */
function killGroup(child: ChildProcess): void {
  const send = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // gone already
    }
  };
  send("SIGTERM");
  setTimeout(() => send("SIGKILL"), GRACE_MS).unref();
}

/** Runs a program to its end. Rejects with `Interrupted` where the signal fires, or if it cannot be started. */
export function run(command: Command, signal: AbortSignal): Promise<Finished> {
  if (signal.aborted) return Promise.reject(new Interrupted());
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.args, {
      cwd: command.cwd,
      env: command.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const out: string[] = [];
    const kept: string[] = [];
    child.stdout.on("data", (data: Buffer) => out.push(data.toString()));
    createInterface({ input: child.stderr }).on("line", (line) => {
      kept.push(line);
      if (kept.length > KEPT_LINES) kept.shift();
      command.onLine?.(line);
    });
    const stop = (): void => killGroup(child);
    signal.addEventListener("abort", stop, { once: true });
    child.on("error", reject);
    child.on("close", (code) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(new Interrupted());
      else resolve({ code: code ?? 1, stdout: out.join(""), stderr: kept.join("\n") });
    });
  });
}
