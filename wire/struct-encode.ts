import type { Json } from "../lib";
import { tag } from "./struct-decode";

interface Fields {
  readonly [key: string]: Json;
}

/**
 * A JSON object as a serialized `google.protobuf.Struct`. Throws on what is no JSON, such as undefined.
 *
 * Every part is preceded by its length, so the parts are measured first, and written in the same order.
 */
export function encodeStruct(fields: Fields): Uint8Array {
  const lengths: number[] = [];
  const bytes = Buffer.allocUnsafe(new Measure(lengths).struct(fields));
  new StructWriter(bytes, lengths).struct(fields);
  return bytes;
}

/** Bytes that `tag`, length and a part of that length take. */
function framed(length: number): number {
  return 1 + varintLength(length) + length;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}

class Measure {
  constructor(private readonly lengths: number[]) {}

  struct(fields: Fields): number {
    let sum = 0;
    for (const key of Object.keys(fields)) {
      sum += framed(this.noted(() => this.string(key) + framed(this.noted(() => this.value(fields[key])))));
    }
    return sum;
  }

  private value(value: Json | undefined): number {
    switch (typeof value) {
      case "string":
        return this.string(value);
      case "number":
        return 9;
      case "boolean":
        return 2;
      case "object":
        if (value === null) return 2;
        return framed(
          this.noted(() =>
            Array.isArray(value) ? this.list(value as readonly Json[]) : this.struct(value as Fields),
          ),
        );
      default:
        throw new Error(`${typeof value} is not JSON`);
    }
  }

  private list(values: readonly Json[]): number {
    let sum = 0;
    for (const value of values) sum += framed(this.noted(() => this.value(value)));
    return sum;
  }

  private string(text: string): number {
    return framed(Buffer.byteLength(text));
  }

  /** Keeps the length of a part, before those of the parts in it. */
  private noted(measure: () => number): number {
    const place = this.lengths.push(0) - 1;
    const length = measure();
    this.lengths[place] = length;
    return length;
  }
}

class StructWriter {
  private at = 0;
  private next = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly lengths: readonly number[],
  ) {}

  struct(fields: Fields): void {
    for (const key of Object.keys(fields)) {
      this.frame(tag.entry);
      this.string(tag.key, key);
      this.frame(tag.value);
      this.value(fields[key]);
    }
  }

  private value(value: Json | undefined): void {
    if (typeof value === "string") this.string(tag.string, value);
    else if (typeof value === "number") {
      this.byte(tag.number);
      this.at = this.bytes.writeDoubleLE(value, this.at);
    } else if (typeof value === "boolean") {
      this.byte(tag.boolean);
      this.byte(value ? 1 : 0);
    } else if (Array.isArray(value)) {
      this.frame(tag.list);
      this.list(value as readonly Json[]);
    } else if (typeof value === "object" && value !== null) {
      this.frame(tag.struct);
      this.struct(value as Fields);
    } else {
      this.byte(tag.null);
      this.byte(0);
    }
  }

  private list(values: readonly Json[]): void {
    for (const value of values) {
      this.frame(tag.entry);
      this.value(value);
    }
  }

  private string(field: number, text: string): void {
    this.byte(field);
    this.varint(Buffer.byteLength(text));
    this.at += this.bytes.write(text, this.at, "utf8");
  }

  /** Begins a part whose length was measured. */
  private frame(field: number): void {
    this.byte(field);
    this.varint(this.lengths[this.next++] ?? 0);
  }

  private varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest & 127) | 128);
    this.byte(rest);
  }

  private byte(value: number): void {
    this.bytes[this.at++] = value;
  }
}
