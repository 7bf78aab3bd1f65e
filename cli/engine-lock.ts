import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { EngineHome } from "./engine-home";
import { UserError } from "./exit";

interface Lock {
  readonly pid: number;
  readonly hostname: string;
  readonly timestamp: string;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function lockFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function readLock(file: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Lock;
  } catch {
    return undefined; // released, or cut short by a crash while it was written
  }
}

/**
 * Clears locks that a killed engine left in our own backend, so that the next run continues by itself.
 * A lock whose process lives, here or on another machine, is respected: throws a `UserError`.
 */
export function clearStaleLocks(home: EngineHome, project: string, stack: string): void {
  if (!home.ownsBackend) return;
  const folder = join(home.folder, "backend", ".pulumi", "locks", "organization", project, stack);
  for (const file of lockFiles(folder)) {
    const lock = readLock(file);
    if (lock !== undefined && lock.hostname !== hostname()) {
      throw new UserError(
        `stack ${stack} is locked by an update on another machine (${lock.hostname}, since ${lock.timestamp})`,
        `wait for it to end; if that machine is gone, delete ${file}`,
      );
    }
    if (lock !== undefined && alive(lock.pid)) {
      throw new UserError(
        `stack ${stack} is being updated by another run (pid ${lock.pid}, since ${lock.timestamp})`,
        "wait for it to end, then run the same command again",
      );
    }
    rmSync(file, { force: true });
  }
}
