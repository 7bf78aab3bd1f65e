import type { Step } from "./types";

/**
 * The steps in an order in which each comes after all it depends on; among those that may come next, the order given.
 * `stuck` are the steps that wait for each other, or for one that does.
 */
export function inOrder(steps: readonly Step[]): {
  readonly ordered: readonly Step[];
  readonly stuck: readonly Step[];
} {
  const known = new Set(steps.map((s) => s.id));
  const done = new Set<string>();
  const ordered: Step[] = [];
  let waiting = steps;
  for (;;) {
    const next = waiting.find((s) => s.dependsOn.every((d) => done.has(d) || !known.has(d)));
    if (next === undefined) return { ordered, stuck: waiting };
    ordered.push(next);
    done.add(next.id);
    waiting = waiting.filter((s) => s !== next);
  }
}
