import { spawn } from "node:child_process";
import { systemEnv, type RunResult } from "../run";
import { asUser, type Identity } from "./root-script";

/** A command to run beside a container's own process: same files, same network, same processes in sight. */
export interface ExecRequest {
  readonly who: Identity;
  readonly env: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly input?: string;
  readonly timeoutMs: number;
}

const LIMIT = 16 << 20;

/** Runs a command inside the container whose first process is `pid`. After the timeout it is killed: code 124. */
export function execInContainer(pid: number, request: ExecRequest): Promise<RunResult> {
  const enter = [
    "--target",
    String(pid),
    "--mount",
    "--uts",
    "--ipc",
    "--net",
    "--pid",
    "--root",
    "--wd",
    "--",
  ];
  const argv = [...enter, "sh", "-c", `exec ${asUser(request.who, request.env, request.argv)}`];
  return new Promise((resolve, reject) => {
    // A group of its own: nsenter forks, and killing only nsenter would leave its child.
    const child = spawn("nsenter", argv, {
      detached: true,
      env: systemEnv(),
      stdio: ["pipe", "pipe", "pipe"],
    });
    const out = { stdout: "", stderr: "" };
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, request.timeoutMs);
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        if (out[name].length < LIMIT) out[name] += chunk;
      });
    }
    child.stdin.on("error", () => undefined);
    child.stdin.end(request.input ?? "");
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: late ? 124 : (code ?? 137), ...out });
    });
  });
}
