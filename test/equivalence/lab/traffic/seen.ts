/** A request as a backend saw it. */
export interface Seen {
  readonly slot: number;
  /** The port that the pod listens on. */
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** Names in lower case, in the order of arrival. */
  readonly headers: readonly (readonly [string, string])[];
  /** From 0; mirrored copies are counted apart. */
  readonly attempt: number;
  /** A copy whose answer nobody sees: Envoy says so in its Host header. */
  readonly mirrored: boolean;
  /** Milliseconds since the laboratory began. */
  readonly at: number;
}

const SHADOW = /-shadow(:\d+)?$/;

/** All that arrived at any backend, by the id of the request. */
export class Arrivals {
  private readonly byId = new Map<string, Seen[]>();

  add(id: string, seen: Omit<Seen, "attempt" | "mirrored" | "at">): Seen {
    const mirrored = SHADOW.test(seen.host);
    const before = this.byId.get(id) ?? [];
    const attempt = before.filter((s) => s.mirrored === mirrored).length;
    const whole = { ...seen, attempt, mirrored, at: performance.now() };
    this.byId.set(id, [...before, whole]);
    return whole;
  }

  of(id: string): readonly Seen[] {
    return this.byId.get(id) ?? [];
  }

  forget(id: string): void {
    this.byId.delete(id);
  }
}
