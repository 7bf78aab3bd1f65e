import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process, told apart from a later one that was given the same pid. */
export interface ProcessId {
  readonly pid: number;
  /** Opaque: equal for as long as it is the same process. */
  readonly started: string;
}

const LINUX = process.platform === "linux";

/** The process that has this pid now; undefined where there is none, or only its remains. */
export function identify(pid: number): ProcessId | undefined {
  const started = LINUX ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isAlive(id: ProcessId): boolean {
  return identify(id.pid)?.started === id.started;
}

function startTimeFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name before it may hold anything
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    // Ticks since boot: the boot is named too, since pids and ticks begin anew with it.
    return `${fields[19]}@${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}`;
  } catch {
    return undefined;
  }
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line === "" || line.startsWith("Z") ? undefined : line.replace(/^\S+\s+/, "");
  } catch {
    return undefined;
  }
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number | undefined {
  try {
    const kilobytes = LINUX
      ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]
      : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return kilobytes ? Number(kilobytes) * 1024 : undefined;
  } catch {
    return undefined;
  }
}

/** Asks the process to end, and ends it when it has not within `graceMs`. */
export async function end(id: ProcessId, graceMs: number): Promise<void> {
  signal(id, "SIGTERM");
  if (await gone(id, graceMs)) return;
  signal(id, "SIGKILL");
  if (!(await gone(id, 5000)))
    throw new Error(`process ${id.pid} does not end. End it by hand: kill -9 ${id.pid}`);
}

function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

async function gone(id: ProcessId, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(id)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Processes of this user whose environment holds `NAME=value`. Linux only: elsewhere it finds none. */
export function processesWith(variable: string, value: string): ProcessId[] {
  if (!LINUX) return [];
  const entry = `${variable}=${value}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => environment(name).includes(entry))
    .flatMap((name) => identify(Number(name)) ?? []);
}

function environment(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    return []; // of another user, or gone
  }
}
