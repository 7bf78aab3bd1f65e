import { isJsonObject, type Json } from "../lib";

/** Names of the Refs in a chart's values. */
export function refsOf(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(refsOf);
  if (!isJsonObject(value)) return [];
  const ref = value["$ref"];
  return typeof ref === "string" ? [ref] : Object.values(value).flatMap(refsOf);
}
