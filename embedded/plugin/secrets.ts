import {
  isList,
  isMap,
  mapValues,
  Secret,
  Unknown,
  type Plain,
  type PlainMap,
  type Value,
  type ValueMap,
} from "./values";

/** The same tree with secrets opened. Unknowns become null: ask `hasUnknown` first where that matters. */
export function plain(value: ValueMap): PlainMap;
export function plain(value: Value): Plain;
export function plain(value: Value): Plain {
  if (value instanceof Secret) return plain(value.value);
  if (value instanceof Unknown) return null;
  if (isList(value)) return value.map((item) => plain(item));
  if (isMap(value)) return mapValues(value, (item) => plain(item));
  return value;
}

export function hasUnknown(value: Value): boolean {
  if (value instanceof Unknown) return true;
  if (value instanceof Secret) return hasUnknown(value.value);
  if (isList(value)) return value.some(hasUnknown);
  return isMap(value) && Object.values(value).some(hasUnknown);
}

/** Every string inside a secret, and its base64 form. */
export function secretTexts(value: Value, inside = false): Set<string> {
  if (value instanceof Secret) return secretTexts(value.value, true);
  if (isList(value)) return union(value.map((item) => secretTexts(item, inside)));
  if (isMap(value)) return union(Object.values(value).map((item) => secretTexts(item, inside)));
  if (!inside || typeof value !== "string" || value.length < SHORTEST) return new Set();
  return new Set([value, Buffer.from(value).toString("base64"), ...decoded(value)]);
}

/** Shorter strings (`on`, `80`) are in too many places by chance to be looked for. */
const SHORTEST = 4;
const BASE64 =
  /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^[A-Za-z0-9+/]{2}==$|^[A-Za-z0-9+/]{3}=$/;

function decoded(text: string): string[] {
  if (!BASE64.test(text)) return [];
  const inner = Buffer.from(text, "base64").toString("utf8");
  return inner.length >= SHORTEST && !inner.includes("\ufffd") ? [inner] : [];
}

function union(sets: readonly Set<string>[]): Set<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

/**
 * `value` with everything secret that is secret at the same place in one of `examples`, and every string
 * that holds one of their secrets, wherever the server put it.
 */
export function markLike(value: ValueMap, examples: readonly ValueMap[]): ValueMap {
  const texts = [...union(examples.map((example) => secretTexts(example)))];
  const marked = examples.reduce<Value>((result, example) => markPlaces(result, example), value);
  return (texts.length === 0 ? marked : markTexts(marked, texts)) as ValueMap;
}

function markPlaces(value: Value, example: Value): Value {
  if (value instanceof Secret) return value;
  if (example instanceof Secret) return new Secret(value);
  if (isList(value) && isList(example)) {
    return value.map((item, i) => (example[i] === undefined ? item : markPlaces(item, example[i])));
  }
  if (!isMap(value) || !isMap(example)) return value;
  const marked: { [key: string]: Value } = { ...value };
  for (const [key, item] of Object.entries(example)) {
    if (marked[key] !== undefined) marked[key] = markPlaces(marked[key], item);
  }
  return marked;
}

function markTexts(value: Value, texts: readonly string[]): Value {
  if (typeof value === "string")
    return texts.some((text) => value.includes(text)) ? new Secret(value) : value;
  if (isList(value)) return value.map((item) => markTexts(item, texts));
  return isMap(value) ? mapValues(value, (item) => markTexts(item, texts)) : value;
}

/** A message with every secret of `values` blotted out. */
export function redact(message: string, values: readonly ValueMap[]): string {
  const texts = [...union(values.map((value) => secretTexts(value)))].sort((a, b) => b.length - a.length);
  return texts.reduce((result, text) => result.replaceAll(text, "[secret]"), message);
}
