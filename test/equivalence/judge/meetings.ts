import type { CapabilityId } from "../../../mesh/capability/ids";
import { pairsOf, type Sample } from "../../support/intents";

type Pair = readonly [CapabilityId, CapabilityId];

/** Which capabilities have stood in one intent with which others. */
export class Meetings {
  /** Pairs that have not. */
  private readonly apart: Set<string>;

  constructor(allowed: readonly CapabilityId[]) {
    this.apart = new Set(pairsOf(allowed).map(named));
  }

  /** Takes the sample out of those that are left in which most of them would meet. */
  next(left: Map<number, Sample>): readonly [number, Sample] | undefined {
    const [best] = [...left]
      .map((entry) => ({ entry, news: this.news(entry[1].asks) }))
      .sort((a, b) => b.news - a.news);
    if (best !== undefined) left.delete(best.entry[0]);
    return best?.entry;
  }

  met(ids: Iterable<CapabilityId>): void {
    for (const pair of pairsIn(ids)) this.apart.delete(named(pair));
  }

  get unmet(): readonly string[] {
    return [...this.apart].sort();
  }

  private news(ids: Iterable<CapabilityId>): number {
    return this.apart.size === 0 ? 0 : pairsIn(ids).filter((pair) => this.apart.has(named(pair))).length;
  }
}

const named = ([a, b]: Pair): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

function pairsIn(ids: Iterable<CapabilityId>): Pair[] {
  const all = [...new Set(ids)];
  return all.flatMap((a, i) => all.slice(i + 1).map((b): Pair => [a, b]));
}
