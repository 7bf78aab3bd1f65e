import { isJsonObject, type Json, type JsonObject } from "../../lib";

/** What is wrong with a value by a structural schema of a CRD, as the API server would have it; unknown fields too. */
export function schemaFaults(schema: JsonObject, value: Json, path = ""): string[] {
  return [...typeFaults(schema, value, path), ...combinedFaults(schema, value, path)];
}

function typeFaults(schema: JsonObject, value: Json, path: string): string[] {
  const { type, enum: words } = schema;
  if (schema["x-kubernetes-int-or-string"] === true) {
    return typeof value === "string" || Number.isInteger(value) ? [] : [`${path}: neither number nor string`];
  }
  const found = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  if (typeof type === "string" && type !== found && !(type === "integer" && Number.isInteger(value))) {
    return [`${path}: ${found} instead of ${type}`];
  }
  const unlisted =
    Array.isArray(words) && !words.includes(value) ? [`${path}: ${JSON.stringify(value)} is not listed`] : [];
  return [...unlisted, ...bounds(schema, value, path), ...children(schema, value, path)];
}

function bounds(schema: JsonObject, value: Json, path: string): string[] {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = schema;
  const size = typeof value === "number" ? value : undefined;
  const length = typeof value === "string" ? value.length : undefined;
  const items = Array.isArray(value) ? value.length : undefined;
  const outside = (n: number | undefined, low: Json | undefined, high: Json | undefined): boolean =>
    n !== undefined && ((typeof low === "number" && n < low) || (typeof high === "number" && n > high));
  const bad =
    outside(size, minimum, maximum) ||
    outside(length, minLength, maxLength) ||
    outside(items, minItems, maxItems) ||
    (typeof value === "string" && typeof pattern === "string" && !new RegExp(pattern).test(value));
  return bad ? [`${path}: ${JSON.stringify(value)} is out of bounds`] : [];
}

function children(schema: JsonObject, value: Json, path: string): string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return isJsonObject(items)
      ? value.flatMap((each, i) => schemaFaults(items, each as Json, `${path}[${i}]`))
      : [];
  }
  if (!isJsonObject(value)) return [];
  const { properties, additionalProperties, required } = schema;
  const missing = (Array.isArray(required) ? required : []).filter(
    (key) => typeof key === "string" && !(key in value),
  );
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true || additionalProperties === true;
  const faults = Object.entries(value).flatMap(([key, each]) => {
    const known = isJsonObject(properties) ? properties[key] : undefined;
    if (isJsonObject(known)) return schemaFaults(known, each, `${path}.${key}`);
    if (isJsonObject(additionalProperties)) return schemaFaults(additionalProperties, each, `${path}.${key}`);
    return open || (properties === undefined && schema["type"] === undefined)
      ? []
      : [`${path}.${key}: unknown field`];
  });
  return [...missing.map((key) => `${path}.${String(key)}: missing`), ...faults];
}

/** In structural schemas, what stands in combinations says only what must be there, so unknown fields are no fault in them. */
function combinedFaults(schema: JsonObject, value: Json, path: string): string[] {
  const list = (name: string): JsonObject[] => ((schema[name] ?? []) as readonly Json[]).filter(isJsonObject);
  const holds = (part: JsonObject): boolean =>
    schemaFaults(part, value, path).every((fault) => fault.endsWith("unknown field"));
  const { not } = schema;
  const oneOf = list("oneOf");
  const anyOf = list("anyOf");
  return [
    ...(oneOf.length > 0 && oneOf.filter(holds).length !== 1
      ? [`${path}: not exactly one of ${oneOf.length}`]
      : []),
    ...(anyOf.length > 0 && !anyOf.some(holds) ? [`${path}: none of ${anyOf.length}`] : []),
    ...(list("allOf").every(holds) ? [] : [`${path}: not all of them`]),
    ...(isJsonObject(not) && holds(not) ? [`${path}: what must not be`] : []),
  ];
}
