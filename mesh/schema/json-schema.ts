import type * as v from "valibot";
import { present, type Json, type JsonObject } from "../../lib";
import { notesOf, shapeOf, type SchemaShape } from "./keys";

/** JSON Schema (2020-12) of what a schema takes in, for editors. Checks that it cannot say are left to the parser. */
export function jsonSchemaOf(schema: v.GenericSchema): JsonObject {
  return convert(shapeOf(schema));
}

function convert(shape: SchemaShape): JsonObject {
  const { description, pattern, default: preset } = notesOf(shape);
  return {
    ...bare(shape.wrapped ?? shape),
    ...present({ description, pattern, default: preset }),
  };
}

function bare(shape: SchemaShape): JsonObject {
  switch (shape.type) {
    case "object":
      return objectSchema(shape.entries ?? {});
    case "record":
      return recordSchema(shape);
    case "array":
      return { type: "array", items: shape.item === undefined ? {} : convert(shape.item) };
    case "picklist":
      return { enum: (shape.options ?? []) as readonly Json[] };
    case "literal":
      return { const: shape.literal ?? null };
    case "union":
    case "variant":
      return { anyOf: ((shape.options ?? []) as readonly SchemaShape[]).map(convert) };
    case "unknown":
      return {};
    case "custom":
      return { type: "object" };
    default:
      return { type: shape.type };
  }
}

function objectSchema(entries: Readonly<Record<string, SchemaShape>>): JsonObject {
  const required = Object.keys(entries).filter((key) => entries[key]?.type !== "optional");
  return {
    type: "object",
    properties: Object.fromEntries(Object.entries(entries).map(([key, entry]) => [key, convert(entry)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function recordSchema({ key, value }: SchemaShape): JsonObject {
  const names = typeof key === "object" ? notesOf(key).pattern : undefined;
  return {
    type: "object",
    additionalProperties: value === undefined ? {} : convert(value),
    ...(names === undefined ? {} : { propertyNames: { pattern: names } }),
  };
}
