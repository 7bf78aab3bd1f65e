import type { CapabilityId } from "../../../mesh/capability/ids";
import type { Meetings } from "./meetings";

/** One request that did not become what its intent says. */
export interface Mismatch {
  /** Place in the sequence: with the session's seed it makes the same intent and requests again. */
  readonly place: number;
  /** The least intent that still shows it. */
  readonly intent: unknown;
  readonly request: unknown;
  readonly expected: unknown;
  readonly seen: readonly string[];
}

/** Objects that the API server or istiod did not take, or configuration that an Envoy did not. */
export interface Refusal {
  readonly place: number;
  readonly reason: string;
  readonly intent: unknown;
}

export interface Report {
  readonly intents: number;
  /** Intent and request, sent for real and judged. */
  readonly pairs: number;
  readonly seconds: number;
  /** Calls put on the wire. */
  readonly sent: number;
  readonly skipped: { readonly [why: string]: number };
  readonly outcomes: { readonly [kind: string]: number };
  /** Pairs that a capability had a part in; 0 for those that were to be judged and had none. */
  readonly capabilities: { readonly [id in CapabilityId]?: number };
  /** Pairs of capabilities that stood in no intent together, of those that could. */
  readonly apart: readonly string[];
  readonly mismatches: readonly Mismatch[];
  /** Differences that did not come again: of a busy machine. */
  readonly unsteady: readonly string[];
  readonly refusals: readonly Refusal[];
}

export class Tally {
  private readonly began = performance.now();
  private intents = 0;
  private pairs = 0;
  sent = 0;
  private readonly skipped: { [why: string]: number } = {};
  private readonly outcomes: { [kind: string]: number } = {};
  private readonly capabilities: { [id in CapabilityId]?: number };
  readonly mismatches: Mismatch[] = [];
  readonly unsteady: string[] = [];
  readonly refusals: Refusal[] = [];

  constructor(
    judged: readonly CapabilityId[],
    private readonly meetings: Meetings,
  ) {
    this.capabilities = Object.fromEntries(judged.map((id) => [id, 0]));
  }

  intent(asks: Iterable<CapabilityId>): void {
    this.intents += 1;
    this.meetings.met(asks);
  }

  skip(why: string): void {
    this.skipped[why] = (this.skipped[why] ?? 0) + 1;
  }

  pair(kind: string, capabilities: Iterable<CapabilityId>): void {
    this.pairs += 1;
    this.outcomes[kind] = (this.outcomes[kind] ?? 0) + 1;
    for (const id of capabilities) {
      const before = this.capabilities[id];
      if (before !== undefined) this.capabilities[id] = before + 1;
    }
  }

  get count(): number {
    return this.pairs;
  }

  report(): Report {
    const { intents, pairs, sent, skipped, outcomes, capabilities, mismatches, unsteady, refusals } = this;
    const seconds = Math.round((performance.now() - this.began) / 100) / 10;
    const counts = { intents, pairs, seconds, sent, skipped, outcomes, capabilities };
    return { ...counts, apart: this.meetings.unmet, mismatches, unsteady, refusals };
  }
}
