import * as pulumi from "@pulumi/pulumi";
import type { Diagnostic, Json } from "../lib";
import { errorAt, isJsonObject } from "../lib";
import type { Ref } from "../mesh/plan/types";

/** Values known only at deploy time, by the names that Refs call them. */
export interface Values {
  readonly [name: string]: pulumi.Input<string>;
}

/** JSON whose leaves may be known only at deploy time. */
export type Resolved =
  Exclude<Json, object> | pulumi.Output<string> | readonly Resolved[] | { readonly [key: string]: Resolved };

/** The names of all Refs anywhere in a value. */
export function refsIn(value: Json | undefined, found: Set<string> = new Set()): Set<string> {
  if (isRef(value)) found.add(value.$ref);
  else if (Array.isArray(value)) for (const item of value as readonly Json[]) refsIn(item, found);
  else if (isJsonObject(value)) for (const item of Object.values(value)) refsIn(item, found);
  return found;
}

/** One fault for each Ref that has no value. */
export function missingRefs(wanted: Iterable<string>, values: Values): readonly Diagnostic[] {
  const missing = [...new Set(wanted)].filter((name) => values[name] === undefined).sort();
  const given = Object.keys(values).sort().join(", ") || "none";
  return missing.map((name) =>
    errorAt([], {
      code: "missing-value",
      message: `no value is given for { $ref: ${name} }`,
      hint: `hand it to the component as values.${name}; given: ${given}`,
    }),
  );
}

/** The value of one Ref, secret where the Ref or the value itself says so. */
export function resolveRef(ref: Ref, values: Values): pulumi.Output<string> {
  const value = values[ref.$ref];
  // Not reached: missingRefs comes first.
  if (value === undefined) throw new Error(`no value is given for { $ref: ${ref.$ref} }`);
  return ref.secret === true ? pulumi.secret(value) : pulumi.output(value);
}

/** The same value with every Ref in it replaced by an Output; the very same where there is none. */
export function resolveAll(value: Json, values: Values): Resolved {
  return refsIn(value).size === 0 ? value : resolve(value, values);
}

function resolve(value: Json, values: Values): Resolved {
  if (isRef(value)) return resolveRef(value, values);
  if (Array.isArray(value)) return value.map((item: Json) => resolve(item, values));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, values)]));
}

function isRef(value: Json | undefined): value is Ref & { readonly [key: string]: Json } {
  if (!isJsonObject(value) || typeof value["$ref"] !== "string") return false;
  return Object.keys(value).every((key) => key === "$ref" || key === "secret");
}
