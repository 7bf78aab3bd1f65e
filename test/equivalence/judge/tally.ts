import type { CapabilityId } from "../../../mesh/capability/ids";

/** One request that did not become what its intent says. */
export interface Mismatch {
  /** Makes the same intent and request again. */
  readonly seed: number;
  readonly intent: unknown;
  readonly request: unknown;
  readonly outcome: unknown;
  readonly faults: readonly string[];
}

export interface Report {
  readonly intents: number;
  /** Intent and request, sent for real and judged. */
  readonly pairs: number;
  readonly seconds: number;
  /** Requests put on the wire. */
  readonly sent: number;
  readonly skipped: { readonly [why: string]: number };
  readonly outcomes: { readonly [kind: string]: number };
  /** Pairs that a capability had a part in. */
  readonly capabilities: { readonly [id in CapabilityId]?: number };
  readonly mismatches: readonly Mismatch[];
  /** Objects that the API server or istiod did not take, and configuration that an Envoy did not. */
  readonly refusals: readonly { readonly seed: number; readonly reason: string; readonly intent: unknown }[];
}

export class Tally {
  private readonly began = performance.now();
  private intents = 0;
  private pairs = 0;
  sent = 0;
  private readonly skipped: { [why: string]: number } = {};
  private readonly outcomes: { [kind: string]: number } = {};
  private readonly capabilities: { [id in CapabilityId]?: number } = {};
  readonly mismatches: Mismatch[] = [];
  readonly refusals: { seed: number; reason: string; intent: unknown }[] = [];

  intent(): void {
    this.intents += 1;
  }

  skip(why: string): void {
    this.skipped[why] = (this.skipped[why] ?? 0) + 1;
  }

  pair(kind: string, capabilities: Iterable<CapabilityId>): void {
    this.pairs += 1;
    this.outcomes[kind] = (this.outcomes[kind] ?? 0) + 1;
    for (const id of capabilities) this.capabilities[id] = (this.capabilities[id] ?? 0) + 1;
  }

  get count(): number {
    return this.pairs;
  }

  report(): Report {
    const { intents, pairs, sent, skipped, outcomes, capabilities, mismatches, refusals } = this;
    const seconds = Math.round((performance.now() - this.began) / 100) / 10;
    return { intents, pairs, seconds, sent, skipped, outcomes, capabilities, mismatches, refusals };
  }
}
