import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readText } from "./files";
import { identify, isAlive, type ProcessId } from "./process";
import type { Progress } from "./types";

interface LockRequest {
  readonly file: string;
  /** What the holder does, for those who wait: `start of cluster demo`. */
  readonly what: string;
  readonly progress: Progress;
}

/** Runs `work` while nobody else holds the lock; waits for others, and takes over from those that died. */
export async function withLock<T>(request: LockRequest, work: () => Promise<T>): Promise<T> {
  let told = false;
  while (!tryLock(request.file)) {
    const holder = holderOf(request.file);
    if (holder && !isAlive(holder)) {
      breakLock(request.file);
      continue;
    }
    if (!told && holder) request.progress(`waiting for process ${holder.pid} to finish: ${request.what}`);
    told = true;
    await sleep(50);
  }
  try {
    return await work();
  } finally {
    rmSync(request.file, { force: true });
  }
}

/** The lock appears with its holder already in it: it is written aside and linked into place. */
function tryLock(file: string): boolean {
  const aside = `${file}.${process.pid}.${lockCount++}`;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(aside, JSON.stringify(identify(process.pid)), { mode: 0o600 });
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
let lockCount = 0;

function holderOf(file: string): ProcessId | undefined {
  const text = readText(file);
  if (text === undefined) return undefined; // released meanwhile
  try {
    return JSON.parse(text) as ProcessId;
  } catch {
    return { pid: 0, started: "unreadable" };
  }
}

/** Of several that find a dead holder, one moves its lock away; the others find it gone. */
function breakLock(file: string): void {
  const away = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, away);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const holder = holderOf(away);
  // Between look and move another may have broken and taken it: then it is given back.
  if (holder && isAlive(holder)) renameSync(away, file);
  else rmSync(away, { force: true });
}
