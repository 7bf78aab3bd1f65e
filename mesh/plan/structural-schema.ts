import { didYouMean, isJsonObject, type FieldPath, type Json, type JsonObject } from "../../lib";

/** What the API server would say of one field. */
export interface SchemaFault {
  readonly path: FieldPath;
  readonly message: string;
  readonly hint?: string;
  /** The server would drop the field rather than refuse the object. */
  readonly unknown?: true;
}

/**
 * What is wrong with a value by the structural schema of a CRD, as the API server would have it, unknown fields too.
 * Rules in CEL (`x-kubernetes-validations`) are left to the server.
 */
export function schemaFaults(schema: JsonObject, value: Json, path: FieldPath = []): SchemaFault[] {
  if (value === null && schema["nullable"] === true) return [];
  const wrongType = typeFault(schema, value);
  if (wrongType !== undefined) return [{ path, message: wrongType }];
  const wrong = [...boundFaults(schema, value), ...combinationFaults(schema, value)];
  return [...wrong.map((message) => ({ path, message })), ...childFaults(schema, value, path)];
}

const NAMES: Readonly<Record<string, string>> = {
  object: "a section of keys",
  array: "a list",
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
  null: "nothing",
};

function typeFault(schema: JsonObject, value: Json): string | undefined {
  const found = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  if (schema["x-kubernetes-int-or-string"] === true) {
    const fits = typeof value === "string" || Number.isInteger(value);
    return fits ? undefined : `expected a whole number or a string, found ${NAMES[found]}`;
  }
  const { type } = schema;
  if (typeof type !== "string" || type === found) return undefined;
  if (type === "integer" && Number.isInteger(value)) return undefined;
  return `expected ${NAMES[type] ?? type}, found ${NAMES[found]}`;
}

function boundFaults(schema: JsonObject, value: Json): string[] {
  const { enum: words } = schema;
  const unlisted = Array.isArray(words) && !words.some((word: Json) => same(word, value));
  const faults = unlisted
    ? [`${JSON.stringify(value)} is none of ${words.map((w) => JSON.stringify(w)).join(", ")}`]
    : [];
  if (typeof value === "number") faults.push(...numberFaults(schema, value));
  if (typeof value === "string") faults.push(...textFaults(schema, value));
  if (Array.isArray(value)) faults.push(...listFaults(schema, value));
  if (isJsonObject(value)) {
    faults.push(
      ...sizeFaults("keys", Object.keys(value).length, pick(schema, "minProperties", "maxProperties")),
    );
  }
  return faults;
}

interface Bounds {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

function pick(schema: JsonObject, least: string, most: string): Bounds {
  const bound = (name: string): number | undefined => {
    const value = schema[name];
    return typeof value === "number" ? value : undefined;
  };
  return { least: bound(least), most: bound(most) };
}

function sizeFaults(what: string, size: number, { least, most }: Bounds): string[] {
  if (least !== undefined && size < least) return [`${size} ${what}, at least ${least} are needed`];
  return most !== undefined && size > most ? [`${size} ${what}, at most ${most} are allowed`] : [];
}

function numberFaults(schema: JsonObject, value: number): string[] {
  const { least, most } = pick(schema, "minimum", "maximum");
  const below =
    least !== undefined && (value < least || (schema["exclusiveMinimum"] === true && value === least));
  const above =
    most !== undefined && (value > most || (schema["exclusiveMaximum"] === true && value === most));
  const { multipleOf, format } = schema;
  const uneven = typeof multipleOf === "number" && !Number.isInteger(value / multipleOf);
  const tooLong = format === "int32" && Math.abs(value) > 2_147_483_648;
  return below || above || uneven || tooLong ? [`${value} is out of bounds`] : [];
}

function textFaults(schema: JsonObject, value: string): string[] {
  const { pattern } = schema;
  const faults = sizeFaults("characters", [...value].length, pick(schema, "minLength", "maxLength"));
  if (typeof pattern !== "string" || matches(pattern, value)) return faults;
  return [...faults, `${JSON.stringify(value)} does not match ${pattern}`];
}

/** Patterns are Go's. One that JavaScript cannot read is left to the server. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

function listFaults(schema: JsonObject, value: readonly Json[]): string[] {
  const faults = sizeFaults("items", value.length, pick(schema, "minItems", "maxItems"));
  const kind = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  if (kind !== "set" && kind !== "map") return faults;
  const names = Array.isArray(keys) ? keys.map(String) : [];
  const identity = (item: Json): string =>
    JSON.stringify(kind === "map" && isJsonObject(item) ? names.map((name) => item[name] ?? null) : item);
  if (new Set(value.map(identity)).size === value.length) return faults;
  return [
    ...faults,
    kind === "set" ? "an item is here twice" : `two items have the same ${names.join(", ")}`,
  ];
}

function childFaults(schema: JsonObject, value: Json, path: FieldPath): SchemaFault[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!isJsonObject(items)) return [];
    return value.flatMap((each: Json, i) => schemaFaults(items, each, [...path, i]));
  }
  return isJsonObject(value) ? keyFaults(schema, value, path) : [];
}

function keyFaults(schema: JsonObject, value: JsonObject, path: FieldPath): SchemaFault[] {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const { additionalProperties: others, required } = schema;
  const missing = (Array.isArray(required) ? required.map(String) : []).filter((key) => !(key in value));
  const open =
    others === true ||
    schema["x-kubernetes-preserve-unknown-fields"] === true ||
    (schema["type"] === undefined && schema["properties"] === undefined);
  const faults = Object.entries(value).flatMap(([key, each]): SchemaFault[] => {
    const below = [...path, key];
    const known = Object.hasOwn(properties, key) ? properties[key] : others;
    if (isJsonObject(known)) return schemaFaults(known, each, below);
    if (open || isOfObjects(schema, key)) return [];
    const hint = didYouMean(key, Object.keys(properties));
    return [{ path: below, message: `unknown field ${JSON.stringify(key)}`, hint, unknown: true }];
  });
  return [
    ...missing.map((key) => ({ path, message: `the field ${JSON.stringify(key)} is missing` })),
    ...faults,
  ];
}

/** What every object has, which schemas of embedded ones leave out. */
function isOfObjects(schema: JsonObject, key: string): boolean {
  return (
    schema["x-kubernetes-embedded-resource"] === true && ["apiVersion", "kind", "metadata"].includes(key)
  );
}

/** Combinations say what must hold and name no fields, so an unknown field is no fault in them. */
function combinationFaults(schema: JsonObject, value: Json): string[] {
  const list = (name: string): JsonObject[] => ((schema[name] ?? []) as readonly Json[]).filter(isJsonObject);
  const holds = (part: JsonObject): boolean => schemaFaults(part, value).every((fault) => fault.unknown);
  const { not } = schema;
  const oneOf = list("oneOf");
  const anyOf = list("anyOf");
  const faults: string[] = [];
  if (oneOf.length > 0 && oneOf.filter(holds).length !== 1)
    faults.push(`exactly one must hold: ${shown(oneOf)}`);
  if (anyOf.length > 0 && !anyOf.some(holds)) faults.push(`one must hold: ${shown(anyOf)}`);
  if (!list("allOf").every(holds)) faults.push("not everything holds that must");
  if (isJsonObject(not) && holds(not)) faults.push(`this must not hold: ${shown([not])}`);
  return faults;
}

function shown(parts: readonly JsonObject[]): string {
  const text = parts.map((part) => JSON.stringify(part)).join(" or ");
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}

function same(a: Json, b: Json): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
