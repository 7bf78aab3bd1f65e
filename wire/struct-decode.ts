import type { Json } from "../lib";

/** Field tags of google/protobuf/struct.proto: field number and wire type in one byte. */
export const tag = {
  /** Struct.fields, ListValue.values */
  entry: 0x0a,
  /** An entry's key, and its value. */
  key: 0x0a,
  value: 0x12,
  null: 0x08,
  number: 0x11,
  string: 0x1a,
  boolean: 0x20,
  struct: 0x2a,
  list: 0x32,
} as const;

/** The JSON object that a serialized `google.protobuf.Struct` holds. Throws where the bytes are something else. */
export function decodeStruct(bytes: Uint8Array): { [key: string]: Json } {
  const reader = new StructReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return reader.struct(bytes.byteLength);
}

class StructReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  struct(end: number): { [key: string]: Json } {
    const fields: { [key: string]: Json } = {};
    while (this.at < end) {
      this.expect(tag.entry);
      const entryEnd = this.length() + this.at;
      let key = "";
      let value: Json = null;
      while (this.at < entryEnd) {
        if (this.bytes[this.at++] === tag.key) key = this.string();
        else value = this.value(this.length() + this.at);
      }
      // Assigned like any other key, this one would set the prototype.
      if (key === "__proto__")
        Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
      else fields[key] = value;
    }
    return fields;
  }

  private value(end: number): Json {
    let value: Json = null;
    while (this.at < end) value = this.kind(this.bytes[this.at++]);
    return value;
  }

  private kind(found: number | undefined): Json {
    switch (found) {
      case tag.null:
        this.length();
        return null;
      case tag.number:
        this.at += 8;
        return this.bytes.readDoubleLE(this.at - 8);
      case tag.string:
        return this.string();
      case tag.boolean:
        return this.length() !== 0;
      case tag.struct:
        return this.struct(this.length() + this.at);
      case tag.list:
        return this.list(this.length() + this.at);
      default:
        throw new Error(`not a protobuf value: field tag ${found} at byte ${this.at - 1}`);
    }
  }

  private list(end: number): Json[] {
    const values: Json[] = [];
    while (this.at < end) {
      this.expect(tag.entry);
      values.push(this.value(this.length() + this.at));
    }
    return values;
  }

  private string(): string {
    const start = this.length() + this.at;
    const begin = this.at;
    this.at = start;
    return this.bytes.toString("utf8", begin, start);
  }

  /** A varint: seven bits a byte, the lowest first. */
  private length(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new Error("a protobuf struct is cut off");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  private expect(wanted: number): void {
    const found = this.bytes[this.at++];
    if (found !== wanted) throw new Error(`not a protobuf struct: field tag ${found} at byte ${this.at - 1}`);
  }
}
