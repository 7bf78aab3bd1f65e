/**
 * Edits of protobuf messages as bytes: what an edit does not name stays as it came, byte for byte, whether or not
 * anybody here knows its meaning.
 */
export interface Field {
  readonly no: number;
  readonly type: 0 | 1 | 2 | 5;
  /** The field as it stands in the message, tag included. */
  readonly raw: Buffer;
  /** What a length-delimited field holds; empty for the others. */
  readonly value: Buffer;
  /** What a varint field holds. */
  readonly varint: number;
}

function readVarint(from: Buffer, at: number): { value: bigint; next: number } {
  let value = 0n;
  for (let shift = 0n, next = at; ; shift += 7n) {
    const byte = from[next++];
    if (byte === undefined) throw new Error("message ends within a number");
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next };
  }
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = BigInt(value);
  do {
    const low = Number(left & 0x7fn);
    left >>= 7n;
    bytes.push(left > 0n ? low | 0x80 : low);
  } while (left > 0n);
  return Buffer.from(bytes);
}

export function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length;) {
    const start = at;
    const tag = readVarint(message, at);
    const type = Number(tag.value & 7n);
    const no = Number(tag.value >> 3n);
    at = tag.next;
    let value: Buffer = Buffer.alloc(0);
    let number = 0;
    if (type === 0) {
      const read = readVarint(message, at);
      number = Number(read.value);
      at = read.next;
    } else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      const length = readVarint(message, at);
      at = length.next + Number(length.value);
      value = message.subarray(length.next, at);
    } else throw new Error(`field ${no} has the wire type ${type}`);
    if (at > message.length) throw new Error(`message ends within field ${no}`);
    fields.push({ no, type, raw: message.subarray(start, at), value, varint: number });
  }
  return fields;
}

/** A field that holds a message, text or bytes. */
export function bytesField(no: number, value: Buffer | string): Buffer {
  const content = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([varint(no * 8 + 2), varint(content.length), content]);
}

export function numberField(no: number, value: number): Buffer {
  return Buffer.concat([varint(no * 8), varint(value)]);
}

/** The first field of this number that holds a message, text or bytes. */
export function inside(message: Buffer, no: number): Buffer | undefined {
  return fieldsOf(message).find((f) => f.no === no && f.type === 2)?.value;
}

export function text(message: Buffer, no: number): string {
  return inside(message, no)?.toString() ?? "";
}

export function number(message: Buffer, no: number): number {
  return fieldsOf(message).find((f) => f.no === no && f.type === 0)?.varint ?? 0;
}

/** A message without the fields of these numbers. */
export function without(message: Buffer, ...numbers: number[]): Buffer {
  return Buffer.concat(
    fieldsOf(message)
      .filter((f) => !numbers.includes(f.no))
      .map((f) => f.raw),
  );
}

/** A message with one field replaced, or added. */
export function withField(message: Buffer, no: number, field: Buffer): Buffer {
  return Buffer.concat([without(message, no), field]);
}

/**
 * Changes what lies at a path of field numbers, wherever a repeated field has it; `undefined` takes it out.
 */
export function edit(
  message: Buffer,
  path: readonly number[],
  change: (value: Buffer) => Buffer | undefined,
): Buffer {
  const [no, ...rest] = path;
  return Buffer.concat(
    fieldsOf(message).flatMap((f) => {
      if (f.no !== no || f.type !== 2) return [f.raw];
      const changed = rest.length === 0 ? change(f.value) : edit(f.value, rest, change);
      if (changed === undefined) return [];
      return [changed === f.value ? f.raw : bytesField(f.no, changed)];
    }),
  );
}
