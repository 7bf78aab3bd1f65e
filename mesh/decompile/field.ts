import {
  errorAt,
  formatPath,
  isJsonObject,
  warningAt,
  type Diagnostic,
  type FieldPath,
  type Json,
} from "../../lib";

/** Why something of a manifest is not in the intent, and what to do about it. */
export interface Loss {
  /** As one sentence without a final stop. */
  readonly message: string;
  readonly hint?: string;
  /** Its loss would open what the manifest closes. */
  readonly security?: true;
}

/**
 * One value of a manifest, which keeps account of what has been read of it: what nobody reads is reported as lost.
 * Nothing is trusted to be there or to have its type; a value of another type than asked for counts as not read.
 */
export class Field {
  private readonly children = new Map<string | number, Field>();
  private done = false;

  constructor(
    private readonly value: unknown,
    readonly at: FieldPath,
    private readonly losses: Diagnostic[],
  ) {}

  /** The field below by its keys; it may not be there. */
  get(...keys: readonly (string | number)[]): Field {
    const [key, ...rest] = keys;
    if (key === undefined) return this;
    const child = this.children.get(key) ?? new Field(this.below(key), [...this.at, key], this.losses);
    this.children.set(key, child);
    return child.get(...rest);
  }

  private below(key: string | number): unknown {
    if (Array.isArray(this.value)) return this.value[Number(key)] as unknown;
    return isJsonObject(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : undefined;
  }

  /** Whether it is there; `null` counts as absent, as for the API server. */
  get there(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The items of a list; none where there is no list. */
  items(): Field[] {
    if (!Array.isArray(this.value)) return [];
    this.leaveIfEmpty(this.value.length);
    return this.value.map((_, i) => this.get(i));
  }

  /** The entries of an object; none where there is none. */
  entries(): (readonly [string, Field])[] {
    if (!isJsonObject(this.value)) return [];
    const keys = Object.keys(this.value);
    this.leaveIfEmpty(keys.length);
    return keys.map((key) => [key, this.get(key)] as const);
  }

  private leaveIfEmpty(length: number): void {
    if (length === 0) this.done = true;
  }

  text(): string | undefined {
    return typeof this.value === "string" ? this.taken(this.value) : undefined;
  }

  number(): number | undefined {
    return typeof this.value === "number" && Number.isFinite(this.value) ? this.taken(this.value) : undefined;
  }

  flag(): boolean | undefined {
    return typeof this.value === "boolean" ? this.taken(this.value) : undefined;
  }

  /** One of some words. */
  word<const T extends string>(...words: readonly T[]): T | undefined {
    const found = words.find((word) => word === this.value);
    return found === undefined ? undefined : this.taken(found);
  }

  /** The strings of a list; one that is not a string stays unread. */
  texts(): string[] {
    return this.items().flatMap((item) => item.text() ?? []);
  }

  /** The strings of an object by key. */
  textMap(): { readonly [key: string]: string } {
    const all = this.entries().flatMap(([key, field]) => {
      const text = field.text();
      return text === undefined ? [] : [[key, text] as const];
    });
    return Object.fromEntries(all);
  }

  /** The whole value as it stands. */
  json(): Json | undefined {
    return this.there ? this.taken(this.value as Json) : undefined;
  }

  private taken<T>(value: T): T {
    this.done = true;
    return value;
  }

  /** Needs no word in the intent: it says what holds there anyway. */
  accept(): void {
    this.done = true;
  }

  /** Accepts the field where it has one of these values. */
  acceptIf(...values: readonly Json[]): void {
    if (values.some((value) => JSON.stringify(value) === JSON.stringify(this.value))) this.done = true;
  }

  /** Reports what is here as lost, if it is there. */
  lose({ message, hint, security }: Loss): void {
    if (!this.there) return;
    this.done = true;
    const finding = { code: "lost", message, ...(hint === undefined ? {} : { hint }) };
    this.losses.push(security === true ? errorAt(this.at, finding) : warningAt(this.at, finding));
  }

  /** Reports that the intent says something else here, close to it; the field counts as read. */
  change(message: string, hint?: string): void {
    this.done = true;
    const finding = { code: "changed", message, ...(hint === undefined ? {} : { hint }) };
    this.losses.push(warningAt(this.at, finding));
  }

  /** Everything below that nobody has read, each at the highest place of which nothing was read. */
  unread(): Field[] {
    if (this.done || !this.there) return [];
    const keys = Array.isArray(this.value)
      ? this.value.map((_, i) => i)
      : isJsonObject(this.value)
        ? Object.keys(this.value)
        : [];
    if (!this.touched()) return [this];
    return keys.flatMap((key) => this.get(key).unread());
  }

  private touched(): boolean {
    return this.done || [...this.children.values()].some((child) => child.there && child.touched());
  }

  /** Reports everything unread, in the words of `name`: the object that this is. */
  loseUnread(name: string, security: boolean): void {
    for (const field of this.unread()) {
      const path = formatPath(field.at.slice(this.at.length));
      const what = path === "" ? name : `${path} of ${name}`;
      field.lose({ message: `${what} has no place in an intent`, ...(security ? { security: true } : {}) });
    }
  }
}
