// One installer at a time per cache. The lock is a file that names its holder; a holder that is gone holds nothing.
import { linkSync, mkdirSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, Interrupted } from "./errors";

const RETRY_MS = 300;
const BREAKING_MS = 10_000;

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** Pids are used again: the start time (Linux) tells two processes of one pid apart. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function holderOf(file: string): number | undefined {
  try {
    const [pid, start] = readFileSync(file, "utf8").split(" ");
    const holder = Number(pid);
    return isAlive(holder) && startOf(holder) === start ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Takes away a dead holder's lock. Only one process may do so at a time, or the second would take away a living one. */
function breakLock(file: string): void {
  const breaking = `${file}.breaking`;
  try {
    mkdirSync(breaking);
  } catch {
    const age = Date.now() - (statSync(breaking, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > BREAKING_MS) rmSync(breaking, { recursive: true, force: true });
    return;
  }
  if (holderOf(file) === undefined) rmSync(file, { force: true });
  rmdirSync(breaking);
}

function tryLock(file: string): boolean {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${process.pid} ${startOf(process.pid)}`);
  try {
    linkSync(mine, file); // appears complete or not at all
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Waits for the lock; `onWait` is told once whom it waits for. Returns what releases it. */
export async function takeLock(
  file: string,
  onWait: (holder: number) => void,
  signal: AbortSignal,
): Promise<() => void> {
  mkdirSync(dirname(file), { recursive: true });
  for (let told = false; !tryLock(file);) {
    const holder = holderOf(file);
    if (holder === undefined) {
      breakLock(file);
      continue;
    }
    if (!told) onWait(holder);
    told = true;
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) throw new Interrupted();
  }
  return () => rmSync(file, { force: true });
}
