import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { structBytes } from "../../wire/fast-struct";

/** A value that must not be seen; may be anywhere in a property tree. */
export class Secret {
  constructor(readonly value: Value) {}
}

/** A value that is known only once something else exists; only ever seen in previews. */
export class Unknown {
  static readonly value = new Unknown();
}

export type Value = null | boolean | number | string | readonly Value[] | ValueMap | Secret | Unknown;
export type ValueMap = { readonly [key: string]: Value };

/** Plain JSON: no secrets, no unknowns. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainMap;
export type PlainMap = { readonly [key: string]: Plain };

// The engine's wire constants (sdk/go/common/resource/properties.go and plugin/rpc.go).
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const UNKNOWNS = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const [UNKNOWN_STRING = ""] = UNKNOWNS;

export function isMap(value: Value | undefined): value is ValueMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !isList(value) &&
    !(value instanceof Secret || value instanceof Unknown)
  );
}

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** The properties of a request; an absent struct is an empty map. */
export function decode(struct: Struct | undefined): ValueMap {
  if (struct === undefined) return {};
  const raw = struct.toJavaScript();
  // Most are plain JSON, which a look at the bytes tells in no time.
  if (!mayBeMarked(structBytes(struct))) return raw;
  const value = fromWire(raw);
  return isMap(value) ? value : {};
}

const MARKS = [SIGNATURE, ...UNKNOWNS].map((mark) => Buffer.from(mark));

function mayBeMarked(bytes: Uint8Array | undefined): boolean {
  if (bytes === undefined) return true;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return MARKS.some((mark) => buffer.includes(mark));
}

/** The properties of a response. */
export function encode(map: ValueMap): Struct {
  return Struct.fromJavaScript(toWire(map) as Parameters<typeof Struct.fromJavaScript>[0]);
}

function fromWire(value: Plain): Value {
  if (typeof value === "string") return UNKNOWNS.has(value) ? Unknown.value : value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Plain[]).map(fromWire);
  const map = value as PlainMap;
  switch (map[SIGNATURE]) {
    case SECRET:
      return new Secret(fromWire(map["value"] ?? null));
    case OUTPUT: {
      const inner = map["value"] === undefined ? Unknown.value : fromWire(map["value"]);
      return map["secret"] === true ? new Secret(inner) : inner;
    }
    case RESOURCE:
      return fromWire(map["id"] ?? map["urn"] ?? null);
    default:
      return mapValues(map, fromWire);
  }
}

function toWire(value: Value): Plain {
  if (value instanceof Unknown) return UNKNOWN_STRING;
  if (value instanceof Secret) return { [SIGNATURE]: SECRET, value: toWire(value.value) };
  if (isList(value)) return value.map(toWire);
  if (isMap(value)) return mapValues(value, toWire);
  return value;
}

/** Applies `change` to every value of a map. */
export function mapValues<A, B>(
  map: { readonly [key: string]: A },
  change: (value: A) => B,
): { [key: string]: B } {
  const changed: { [key: string]: B } = {};
  for (const key of Object.keys(map)) changed[key] = change(map[key] as A);
  return changed;
}
