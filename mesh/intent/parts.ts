import { errorAt, formatPath, type Diagnostic, type FieldPath } from "../../lib";
import type { ParsedIntent } from "./schema";

/** One document of an intent, in its right form. An intent may be written in several. */
export interface Part {
  readonly intent: ParsedIntent;
  /** Where the document stands: the start of every path within it. */
  readonly at: FieldPath;
}

type ListKey = "routes" | "access" | "externalAuthorization" | "rollouts" | "degrade";
type MapKey = "services" | "jwtProviders" | "gateways";
type Item<K extends ListKey> = NonNullable<ParsedIntent[K]>[number];
type Value<K extends MapKey> = NonNullable<ParsedIntent[K]>[string];

/** The items of a list, of all parts. */
export function listed<K extends ListKey, R>(
  parts: readonly Part[],
  key: K,
  make: (written: Item<K>, at: FieldPath) => R,
): R[] {
  return parts.flatMap(({ intent, at }) =>
    ((intent[key] ?? []) as readonly Item<K>[]).map((written, i) => make(written, [...at, key, i])),
  );
}

/** What stands behind the keys of a section, of all parts. */
export function keyed<K extends MapKey, R>(
  parts: readonly Part[],
  key: K,
  make: (written: Value<K>, place: { name: string; at: FieldPath }) => R,
): R[] {
  return parts.flatMap(({ intent, at }) =>
    Object.entries((intent[key] ?? {}) as { readonly [name: string]: Value<K> }).map(([name, written]) =>
      make(written, { name, at: [...at, key, name] }),
    ),
  );
}

/** The value of the one part that says it, and where that part stands. */
export function said<T>(
  parts: readonly Part[],
  pick: (intent: ParsedIntent) => T | undefined,
): { readonly value: T; readonly at: FieldPath } | undefined {
  for (const { intent, at } of parts) {
    const value = pick(intent);
    if (value !== undefined) return { value, at };
  }
  return undefined;
}

/** Paths of what an intent says once. Lists and sections of names grow from part to part. */
const ONCE: readonly FieldPath[] = [
  ["mtls", "mode"],
  ["mtls", "trustDomain"],
  ["mtls", "ca"],
  ["authorization", "default"],
  ["egress", "default"],
  ["telemetry"],
  ["federation"],
];
const NAMED: readonly FieldPath[] = [["services"], ["jwtProviders"], ["gateways"], ["egress", "external"]];

/** What two parts of an intent both say. */
export function saidTwice(parts: readonly Part[]): Diagnostic[] {
  if (parts.length < 2) return [];
  const first = new Map<string, FieldPath>();
  return parts.flatMap(({ intent, at }) =>
    singlePaths(intent).flatMap((path): Diagnostic[] => {
      const place = formatPath(path);
      const before = first.get(place);
      if (before === undefined) {
        first.set(place, at);
        return [];
      }
      const other = before[before.length - 1] ?? "another document";
      const message = `${place} is already said in ${other}`;
      return [errorAt([...at, ...path], { code: "said-twice", message, hint: "keep one of the two" })];
    }),
  );
}

function singlePaths(intent: ParsedIntent): FieldPath[] {
  const once = ONCE.filter((path) => valueAt(intent, path) !== undefined);
  const named = NAMED.flatMap((path) =>
    Object.keys(valueAt(intent, path) ?? {}).map((name) => [...path, name]),
  );
  return [...once, ...named];
}

function valueAt(intent: ParsedIntent, path: FieldPath): object | string | undefined {
  let value: unknown = intent;
  for (const key of path) value = (value as Record<string, unknown> | undefined)?.[key];
  return value as object | string | undefined;
}
