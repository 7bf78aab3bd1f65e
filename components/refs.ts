import * as pulumi from "@pulumi/pulumi";
import type { Json } from "../lib";
import { isJsonObject } from "../lib";
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

/** Throws one error that names every Ref without a value. */
export function checkRefs(wanted: Iterable<string>, values: Values): void {
  const missing = [...new Set(wanted)].filter((name) => values[name] === undefined).sort();
  if (missing.length === 0) return;
  const given = Object.keys(values).sort().join(", ") || "none";
  throw new pulumi.RunError(
    `no value is given for ${missing.map((m) => `{ $ref: ${m} }`).join(", ")}\n` +
      `  hand each to the component as an entry of \`values\`; given: ${given}`,
  );
}

/** The value of one Ref, secret where the Ref or the value itself says so. */
export function resolveRef(ref: Ref, values: Values): pulumi.Output<string> {
  const value = values[ref.$ref];
  if (value === undefined) throw new pulumi.RunError(`no value is given for { $ref: ${ref.$ref} }`);
  return ref.secret === true ? pulumi.secret(value) : pulumi.output(value);
}

/** The same value with every Ref in it replaced by an Output. */
export function resolve(value: Json, values: Values): Resolved {
  if (isRef(value)) return resolveRef(value, values);
  if (Array.isArray(value)) return value.map((item: Json) => resolve(item, values));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, values)]));
}

function isRef(value: Json | undefined): value is Ref & { readonly [key: string]: Json } {
  if (!isJsonObject(value) || typeof value["$ref"] !== "string") return false;
  return Object.keys(value).every((key) => key === "$ref" || key === "secret");
}
