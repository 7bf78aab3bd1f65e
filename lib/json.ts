export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The same value with every object's keys in code-unit order, so that equal values print to equal bytes. What is in
 * order already is not copied.
 */
export function canonical(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? canonicalList(value) : canonicalObject(value as JsonObject);
}

function canonicalList(given: readonly Json[]): readonly Json[] {
  let copy: Json[] | undefined;
  for (let i = 0; i < given.length; i++) {
    const item = canonical(given[i] as Json);
    if (copy === undefined && item !== given[i]) copy = given.slice(0, i);
    copy?.push(item);
  }
  return copy ?? given;
}

function canonicalObject(given: JsonObject): JsonObject {
  const keys = Object.keys(given);
  const ordered = inOrder(keys);
  if (!ordered) keys.sort();
  let copy: { [key: string]: Json } | undefined = ordered ? undefined : {};
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    const item = canonical(given[key] as Json);
    if (copy === undefined && item !== given[key]) {
      copy = {};
      for (const before of keys.slice(0, i)) put(copy, before, given[before] as Json);
    }
    if (copy !== undefined) put(copy, key, item);
  }
  return copy ?? given;
}

function put(object: { [key: string]: Json }, key: string, value: Json): void {
  // Assigned, this one key would be the object's prototype.
  if (key === "__proto__") Object.defineProperty(object, key, { value, ...PLAIN });
  else object[key] = value;
}

function inOrder(keys: readonly string[]): boolean {
  for (let i = 1; i < keys.length; i++) if ((keys[i - 1] as string) > (keys[i] as string)) return false;
  return true;
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
