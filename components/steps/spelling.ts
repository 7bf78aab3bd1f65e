import type { Json } from "../../lib";
import { isJsonObject } from "../../lib";
import type { KubeObject } from "../../mesh/plan/types";
import { isCrd } from "./foundations";
import { canonicalQuantity } from "./quantities";

interface Fields {
  readonly [key: string]: Json;
}

/**
 * The same object in the API server's own spelling: it stores `cpu: 2000m` as "2", `memory: 1024Mi` as "1Gi", and an
 * environment variable without its empty value. Applied as written, every refresh would find a change, and every update
 * would undo it.
 */
export function asStored(object: KubeObject): Json {
  // Most of a mesh's bytes, and nothing to spell in them.
  return isCrd(object) ? (object as Json) : spelled(object as Json);
}

function spelled(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => spelled(item));
  if (!isJsonObject(value)) return value;
  return mapValues(value, (item, key) => {
    if (key === "resources" && isJsonObject(item)) return mapValues(item, amounts);
    if (key === "env" && Array.isArray(item))
      return item.map((variable: Json) => spelled(withoutEmptyValue(variable)));
    return spelled(item);
  });
}

function amounts(item: Json, key: string): Json {
  if ((key !== "limits" && key !== "requests") || !isJsonObject(item)) return item;
  return mapValues(item, (amount) =>
    typeof amount === "string" || typeof amount === "number" ? canonicalQuantity(String(amount)) : amount,
  );
}

function withoutEmptyValue(variable: Json): Json {
  if (!isJsonObject(variable) || variable["value"] !== "") return variable;
  return Object.fromEntries(Object.entries(variable).filter(([key]) => key !== "value"));
}

function mapValues(fields: Fields, change: (value: Json, key: string) => Json): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(value, key)]));
}
