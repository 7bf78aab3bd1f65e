import type { Job } from "./site";
import type { Progress } from "./types";

const LIVE_MS = 1_000;
const PLAIN_MS = 15_000;

/** Says where things stand again and again until the returned function is called. */
export function pulse(job: Job, line: () => string): () => void {
  const timer = setInterval(
    () => job.progress(line(), true),
    job.progress.live === true ? LIVE_MS : PLAIN_MS,
  );
  return () => clearInterval(timer);
}

/** A progress that writes lines to a stream, and on a terminal overwrites passing ones. */
export function progressTo(stream: NodeJS.WriteStream): Progress {
  let passingShown = false;
  const write = (line: string, passing = false): void => {
    const back = passingShown ? "\r\u001b[K" : "";
    passingShown = passing && stream.isTTY;
    stream.write(
      passingShown ? `${back}${line.slice(0, Math.max(20, stream.columns - 1))}` : `${back}${line}\n`,
    );
  };
  return Object.assign(write, { live: stream.isTTY });
}

/** `95` → `2 min`; under a minute in steps of five seconds. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`;
  return `${Math.ceil(seconds / 60)} min`;
}

export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

/** Where a build from source stands. */
export interface BuildState {
  readonly packages: number;
  readonly compiled: number;
  readonly programs: number;
  readonly linked: number;
  readonly seconds: number;
  readonly cores: number;
}

// Seen on 2 cores: 5,000 packages in 14 minutes, and about 4 seconds to link a program.
const CORE_SECONDS_A_PACKAGE = 0.32;
const LINK_IN_PACKAGES = 25;

/** Percent done and seconds left: from what is seen once there is enough of it, before that from what builds usually take. */
export function estimate(state: BuildState): { readonly percent: number; readonly secondsLeft: number } {
  const total = state.packages + state.programs * LINK_IN_PACKAGES;
  const done = Math.min(state.compiled, state.packages) + state.linked * LINK_IN_PACKAGES;
  const usual = CORE_SECONDS_A_PACKAGE / state.cores;
  const seen = done > 0 ? state.seconds / done : usual;
  const trust = Math.min(1, done / Math.max(1, total * 0.1));
  const rate = usual * (1 - trust) + seen * trust;
  const percent = total === 0 ? 100 : Math.min(99, Math.floor((100 * done) / total));
  return { percent, secondsLeft: Math.max(0, total - done) * rate };
}
