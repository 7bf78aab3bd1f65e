export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same value with every object's keys in code-unit order, so that equal values print to equal bytes. */
export function canonical(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(canonical);
  const given = value as JsonObject;
  const sorted: { [key: string]: Json } = {};
  for (const key of Object.keys(given).sort()) {
    const item = canonical(given[key] as Json);
    // Assigned, this one key would be the object's prototype.
    if (key === "__proto__") Object.defineProperty(sorted, key, { value: item, ...PLAIN });
    else sorted[key] = item;
  }
  return sorted;
}

const PLAIN = { configurable: true, enumerable: true, writable: true };

/** Canonical JSON text: equal for equal values, whatever the order of their keys. */
export function canonicalText(value: Json): string {
  return JSON.stringify(canonical(value));
}

/** Orders by code unit, which unlike `localeCompare` is the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The items in the order of a text made from each; the text is made once per item. */
export function sortedBy<T>(items: readonly T[], text: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, text: text(item) }))
    .sort((a, b) => byText(a.text, b.text))
    .map(({ item }) => item);
}
