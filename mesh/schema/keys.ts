import type * as v from "valibot";
import { didYouMean, errorAt, isJsonObject, type Diagnostic, type FieldPath, type Finding } from "../../lib";
import type { SchemaNotes } from "./values";

/** What we read of a valibot schema, whichever kind it is. */
export interface SchemaShape {
  readonly type: string;
  readonly entries?: Readonly<Record<string, SchemaShape>>;
  readonly item?: SchemaShape;
  /** Of a record its keys' schema, of a variant the key that tells its options apart. */
  readonly key?: SchemaShape | string;
  readonly value?: SchemaShape;
  readonly wrapped?: SchemaShape;
  readonly options?: readonly (SchemaShape | string | number)[];
  readonly literal?: string | number | boolean;
  readonly default?: unknown;
  readonly pipe?: readonly {
    readonly kind: string;
    readonly type: string;
    readonly metadata?: SchemaNotes;
  }[];
}

export function shapeOf(schema: v.GenericSchema<never, unknown> | v.GenericSchema): SchemaShape {
  return schema;
}

/** All notes attached to a schema, the outer ones winning. */
export function notesOf(shape: SchemaShape): SchemaNotes {
  const own = (shape.pipe ?? []).flatMap((action) => [
    ...(action.kind === "schema" && action !== (shape as unknown)
      ? [notesOf(action as unknown as SchemaShape)]
      : []),
    ...(action.metadata === undefined ? [] : [action.metadata]),
  ]);
  const inner = shape.wrapped === undefined ? {} : notesOf(shape.wrapped);
  return own.reduce((all, some) => ({ ...all, ...some }), inner);
}

const SECTIONS = new Set(["object", "record", "variant"]);
const LIST_FOR_SECTION: Finding = { code: "wrong-type", message: "expected a section of keys, found a list" };

/**
 * Every key that a schema has no place for, and every list where it wants a section. valibot stops at the first such
 * key and takes lists for objects; a user wants to know them all.
 */
export function unknownKeys(shape: SchemaShape, raw: unknown, at: FieldPath): Diagnostic[] {
  const inner = chosen(shape.wrapped ?? shape, raw);
  if (Array.isArray(raw)) {
    const { item } = inner;
    if (SECTIONS.has(inner.type)) return [errorAt(at, LIST_FOR_SECTION)];
    return item === undefined ? [] : raw.flatMap((each, i) => unknownKeys(item, each, [...at, i]));
  }
  if (!isJsonObject(raw)) return [];
  if (inner.type === "record" && inner.value !== undefined) {
    const { value } = inner;
    return Object.entries(raw).flatMap(([key, each]) => unknownKeys(value, each, [...at, key]));
  }
  const { entries } = inner;
  if (entries === undefined) return [];
  return Object.entries(raw).flatMap(([key, each]) => {
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (entry !== undefined) return unknownKeys(entry, each, [...at, key]);
    return [strangeKey([...at, key], { key, known: Object.keys(entries) })];
  });
}

/** The option of a variant that a value says it is; where it says none, the variant, of which no keys are known. */
function chosen(shape: SchemaShape, raw: unknown): SchemaShape {
  const { key, options = [] } = shape;
  if (shape.type !== "variant" || typeof key !== "string" || !isJsonObject(raw)) return shape;
  const fits = (option: SchemaShape | string | number): option is SchemaShape =>
    typeof option === "object" && option.entries?.[key]?.literal === raw[key];
  return options.find(fits) ?? shape;
}

function strangeKey(path: FieldPath, { key, known }: { key: string; known: readonly string[] }): Diagnostic {
  return errorAt(path, {
    code: "unknown-key",
    message: `unknown key ${JSON.stringify(key)}`,
    hint: didYouMean(key, known),
  });
}

const FORBIDDEN = new Set(["__proto__", "constructor", "prototype"]);
const DEEPEST = 200;

/**
 * Keys that would reach into JavaScript's own objects, values that hold themselves, and nesting that no intent needs:
 * refused before anything else reads them.
 */
export function dangerousKeys(raw: unknown, at: FieldPath): Diagnostic[] {
  const faults: Diagnostic[] = [];
  const ancestors = new Set<unknown>();
  const visit = (value: unknown, path: FieldPath): void => {
    if (typeof value !== "object" || value === null) return;
    if (ancestors.has(value)) {
      faults.push(
        errorAt(path, { code: "cycle", message: "the value holds itself, by an alias to what surrounds it" }),
      );
    } else if (ancestors.size === DEEPEST) {
      faults.push(errorAt(path, { code: "too-deep", message: `nested more than ${DEEPEST} levels deep` }));
    } else {
      ancestors.add(value);
      for (const [key, each] of Object.entries(value)) {
        const below = [...path, Array.isArray(value) ? Number(key) : key];
        if (FORBIDDEN.has(key)) faults.push(errorAt(below, forbidden(key)));
        else visit(each, below);
      }
      ancestors.delete(value);
    }
  };
  visit(raw, at);
  return faults;
}

function forbidden(key: string): Finding {
  return { code: "forbidden-key", message: `the key ${JSON.stringify(key)} is not allowed` };
}
