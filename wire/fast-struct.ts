import type { BinaryReader, BinaryWriter } from "google-protobuf";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Json } from "../lib";
import { decodeStruct } from "./struct-decode";
import { encodeStruct } from "./struct-encode";

type Fields = { readonly [key: string]: Json };
type FieldsMap = ReturnType<Struct["getFieldsMap"]>;

/** What a Struct holds, while nobody has asked for it as a map of protobuf messages: as it came, and once it is read. */
interface Held {
  readonly bytes?: Uint8Array;
  fields?: Fields;
}

const held = new WeakMap<Struct, Held>();

/** The Struct as it came; undefined where it was made here, or has been changed. */
export function structBytes(struct: Struct): Uint8Array | undefined {
  return held.get(struct)?.bytes;
}

function fieldsOf(struct: Struct): Fields | undefined {
  const known = held.get(struct);
  if (known?.bytes === undefined) return known?.fields;
  return (known.fields ??= decodeStruct(known.bytes));
}

/**
 * Makes protobuf's `Struct` hold plain JSON, and read and write it by the fast codec. What is on the wire, and what can
 * be done with a Struct, stays the same. Once in a process, before the first message; a second call changes nothing.
 */
export function useFastStructs(): void {
  if (installed) return;
  installed = true;
  // Called below with the right `this`, or with none where it needs none.
  /* eslint-disable @typescript-eslint/unbound-method */
  const slow = {
    map: Struct.prototype.getFieldsMap,
    read: Struct.fromJavaScript,
    write: Struct.serializeBinaryToWriter,
  };
  /* eslint-enable @typescript-eslint/unbound-method */

  Struct.fromJavaScript = (value) => holding(new Struct(), { fields: value });

  Struct.deserializeBinaryFromReader = (message: Struct, reader: BinaryReader) => {
    const start = reader.getCursor();
    while (reader.nextField()) reader.skipField();
    const bytes = (reader as unknown as { getBuffer(): Uint8Array }).getBuffer();
    return holding(message, { bytes: bytes.subarray(start, reader.getCursor()) });
  };

  Struct.serializeBinaryToWriter = (message: Struct, writer: BinaryWriter) => {
    const known = held.get(message);
    const bytes = known?.bytes ?? (known?.fields && encodeStruct(known.fields));
    if (bytes === undefined) return slow.write(message, writer);
    (writer as unknown as SerializedWriter).writeSerializedMessage(bytes, 0, bytes.length);
  };

  Struct.prototype.toJavaScript = function (this: Struct) {
    return fieldsOf(this) ?? plain(this.getFieldsMap());
  };

  Struct.prototype.getFieldsMap = function (this: Struct, ...args: Parameters<typeof slow.map>) {
    const fields = fieldsOf(this);
    held.delete(this);
    const map = slow.map.apply(this, args);
    if (fields !== undefined)
      slow
        .read(fields)
        .getFieldsMap()
        .forEach((value, key) => map.set(key, value));
    return map;
  };
}

let installed = false;

interface SerializedWriter {
  writeSerializedMessage(bytes: Uint8Array, start: number, end: number): void;
}

function holding(message: Struct, what: Held): Struct {
  held.set(message, what);
  return message;
}

function plain(map: FieldsMap): Fields {
  const fields: { [key: string]: Json } = {};
  map.forEach((value, key) => (fields[key] = value.toJavaScript() as Json));
  return fields;
}
