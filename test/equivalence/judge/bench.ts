import type { NormalizedIntent } from "../../../mesh/intent/types";
import type { Ground, Scene } from "../lab/ground";
import type { Caller } from "../lab/traffic/caller";
import type { Keys } from "./tokens";

/** An intent at work, and what it is called with. */
export interface Bench {
  readonly ground: Ground;
  readonly intent: NormalizedIntent;
  readonly scene: Scene;
  readonly caller: Caller;
  readonly keys: Keys;
  /** Calls of one probe at a time. */
  readonly atOnce: number;
  /** Does some work when all before it is done. */
  readonly oneByOne: <T>(work: () => Promise<T>) => Promise<T>;
}

/** One piece of work after the other. */
export function queue(): Bench["oneByOne"] {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
