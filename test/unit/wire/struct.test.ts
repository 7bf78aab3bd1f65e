import fc from "fast-check";
import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Struct, Value } from "google-protobuf/google/protobuf/struct_pb";
import type { Json } from "../../../lib";
import { useFastStructs } from "../../../wire/fast-struct";
import { decodeStruct } from "../../../wire/struct-decode";
import { encodeStruct } from "../../../wire/struct-encode";

type Fields = { [key: string]: Json };

const samples: readonly Fields[] = [
  {},
  { empty: {}, none: [], nothing: null, zero: 0, text: "", no: false },
  { deep: [[{ a: [1, -1.5, 1e300, true] }]], "": "no name", ключ: "значение 😀" },
  { long: "x".repeat(70_000), ["k".repeat(200)]: ["y".repeat(300)] },
];
const fields = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((value) => value as Fields)
  // A key that protobuf's own code loses.
  .filter((value) => !JSON.stringify(value).includes("__proto__"));

// Before the fast codec is put in its place: protobuf's own is the judge.
const theirs = (value: Fields): Uint8Array => Struct.fromJavaScript(value).serializeBinary();
const judged = samples.map((value) => ({ value, bytes: theirs(value) }));

test("writes what protobuf's own code reads, and reads what it writes", () => {
  for (const { value, bytes } of judged) {
    expect(decodeStruct(bytes)).toEqual(value);
    expect(Struct.deserializeBinary(encodeStruct(value)).toJavaScript()).toEqual(value);
  }
  fc.assert(
    fc.property(fields, (value) => {
      expect(decodeStruct(theirs(value))).toEqual(decodeStruct(encodeStruct(value)));
      expect(theirs(decodeStruct(encodeStruct(value)))).toEqual(theirs(value));
    }),
  );
});

test("a key called __proto__ is a key", () => {
  const value = JSON.parse('{ "__proto__": { "polluted": true } }') as Fields;
  const read = decodeStruct(encodeStruct(value));
  expect(Object.keys(read)).toEqual(["__proto__"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test("bytes that are no struct, and values that are no JSON, are refused", () => {
  expect(() => decodeStruct(new Uint8Array([0x12, 1, 2]))).toThrow("not a protobuf struct");
  expect(() => decodeStruct(new Uint8Array([0x0a, 255]))).toThrow("cut off");
  expect(() => encodeStruct({ a: undefined as unknown as Json })).toThrow("undefined is not JSON");
});

describe("in the place of protobuf's own", () => {
  beforeAll(useFastStructs);

  test("a message with structs in it means the same", () => {
    for (const { value } of judged) {
      const request = new CheckRequest();
      request.setUrn("urn:x");
      request.setOlds(Struct.fromJavaScript(value));
      request.setNews(Struct.fromJavaScript({ a: 1 }));
      request.setName("after the structs");
      const read = CheckRequest.deserializeBinary(request.serializeBinary());
      expect(read.getOlds()?.toJavaScript()).toEqual(value);
      expect(read.getNews()?.toJavaScript()).toEqual({ a: 1 });
      expect([read.getUrn(), read.getName()]).toEqual(["urn:x", "after the structs"]);
    }
  });

  test("its map of messages can still be read and changed", () => {
    const struct = Struct.deserializeBinary(encodeStruct({ a: { b: ["c"] }, n: 1 }));
    expect(struct.getFieldsMap().get("a")?.getStructValue()?.toJavaScript()).toEqual({ b: ["c"] });
    struct.getFieldsMap().set("n", Value.fromJavaScript(2));
    expect(struct.toJavaScript()).toEqual({ a: { b: ["c"] }, n: 2 });
    expect(decodeStruct(struct.serializeBinary())).toEqual({ a: { b: ["c"] }, n: 2 });
  });
});
