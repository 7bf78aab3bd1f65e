import { isJsonObject, type Json } from "../../../lib";
import type { Intent } from "../../../mesh/intent";

type Path = readonly (string | number)[];

/**
 * The least of a written value that is still wrong: parts are taken out, the larger first, for as long as `wrong` says
 * so of what is left. Asks at most `most` times.
 */
export async function minimize(
  written: Intent,
  wrong: (smaller: Intent) => Promise<boolean>,
  most: number,
): Promise<Intent> {
  let least = written as Json;
  let left = most;
  for (let again = true; again && left > 0;) {
    again = false;
    for (const path of partsOf(least)) {
      if (left-- <= 0) break;
      const smaller = without(least, path);
      if (smaller === undefined || !(await wrong(smaller as Intent))) continue;
      least = smaller;
      again = true;
      // What was to come next has another place now.
      break;
    }
  }
  return least as Intent;
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
