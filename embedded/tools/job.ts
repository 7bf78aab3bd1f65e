import { rmSync } from "node:fs";
import { join } from "node:path";
import { makeStaging, sweep, toolsFolder } from "./cache";
import { Interrupted, isNoSpace, noSpace, ToolsError } from "./errors";
import { takeLock } from "./lock";
import type { Job, Site } from "./site";
import type { Progress } from "./types";

/** Runs a job under the cache's lock. Ctrl-C ends it: children die, what is complete stays, the lock goes. */
export async function withJob<T>(site: Site, progress: Progress, work: (job: Job) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let caught: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    caught = signal;
    controller.abort(new Interrupted());
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  let release = (): void => undefined;
  let staging: string | undefined;
  try {
    const onWait = (pid: number): void =>
      progress(`Waiting for another installation (process ${pid}) to end`);
    release = await takeLock(join(toolsFolder(site), "lock"), onWait, controller.signal);
    sweep(site);
    staging = makeStaging(site);
    return await work({ site, progress, signal: controller.signal, staging });
  } catch (error) {
    if (isNoSpace(error) && !(error instanceof ToolsError))
      throw noSpace(site.cache, 2e9, site.freeBytes(site.cache));
    throw error;
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
    release();
    for (const signal of signals) process.off(signal, onSignal);
    // Nobody else listens: end as the signal would have ended us.
    if (caught !== undefined && process.listenerCount(caught) === 0) process.kill(process.pid, caught);
  }
}
