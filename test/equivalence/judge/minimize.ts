import { isJsonObject, type Json } from "../../../lib";
import type { Intent } from "../../../mesh/intent";

type Path = readonly (string | number)[];

/**
 * The least of a written value that is still wrong: parts are taken out, the larger first, for as long as `wrong` says
 * so of what is left.
 */
export async function minimize(
  written: Intent,
  wrong: (smaller: Intent) => Promise<boolean>,
): Promise<Intent> {
  let least = written as Json;
  for (let next: Json | undefined = least; next !== undefined;) {
    least = next;
    next = await smaller(least, wrong);
  }
  return least as Intent;
}

async function smaller(value: Json, wrong: (smaller: Intent) => Promise<boolean>): Promise<Json | undefined> {
  for (const path of partsOf(value)) {
    const left = without(value, path);
    if (left !== undefined && (await wrong(left as Intent))) return left;
  }
  return undefined;
}

/** Every part that can be taken out, those that hold others before them; of a list the last first. */
function partsOf(value: Json, at: Path = []): Path[] {
  const keys: (string | number)[] = Array.isArray(value)
    ? value.map((_, i) => i).reverse()
    : isJsonObject(value)
      ? Object.keys(value)
      : [];
  const own = keys.map((key): Path => [...at, key]);
  const inner = keys.flatMap((key) => partsOf((value as { [key: string]: Json })[key] ?? null, [...at, key]));
  return [...own, ...inner];
}

function without(value: Json, [key, ...rest]: Path): Json | undefined {
  if (key === undefined) return undefined;
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.length === 1 ? undefined : value.filter((_, i) => i !== key);
    return value.map((item: Json, i) => (i === key ? (without(item, rest) ?? item) : item));
  }
  if (!isJsonObject(value)) return undefined;
  const { [key]: taken, ...others } = value;
  if (rest.length === 0) return others;
  return { ...value, [key]: (taken === undefined ? undefined : without(taken, rest)) ?? taken ?? null };
}
