import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { tryRun } from "./run";

/**
 * When a process began, in clock ticks since boot (field 22 of /proc/<pid>/stat): with the pid it names a process for
 * good, as pids are used again. Undefined once it ended. Elsewhere than on Linux it is the time that ps tells.
 */
export function startTicks(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") {
      const line = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
        encoding: "utf8",
        stdio: "pipe",
      });
      return line.trim().replace(/\s+/g, "_");
    }
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? undefined : rest[18];
  } catch {
    return undefined;
  }
}

export function isAlive(pid: number, ticks: string): boolean {
  return startTicks(pid) === ticks;
}

/** Shell words that write "pid start-ticks" of the shell itself to a file (which must be quoted already). */
export function noteSelf(file: string): string {
  if (process.platform === "linux")
    return `read -r stat < /proc/self/stat; set -- $stat; echo "$1 \${22}" > ${file}`;
  return `echo "$$ $(ps -o lstart= -p $$ | xargs | tr ' ' '_')" > ${file}`;
}

/** Sends a signal; a process that has ended is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function pidsIn(netns: string): Promise<number[]> {
  const { stdout } = await tryRun(["ip", "netns", "pids", netns]);
  return stdout.split("\n").filter(Boolean).map(Number);
}

/** Kills every process in a network namespace and waits until none is left. */
export async function killProcessesIn(netns: string): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const pids = await pidsIn(netns);
    if (pids.length === 0) return;
    for (const pid of pids) signal(pid, "SIGKILL");
    await sleep(50);
  }
  throw new Error(`processes in network namespace ${netns} do not end: ${(await pidsIn(netns)).join(", ")}`);
}
