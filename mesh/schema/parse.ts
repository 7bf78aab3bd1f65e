import * as v from "valibot";
import { errorAt, fail, ok, type Diagnostic, type FieldPath, type Finding, type Result } from "../../lib";
import { dangerousKeys, shapeOf, unknownKeys } from "./keys";
import { heard } from "./said";
import { nameOf } from "./values";

const EXPECTED: Readonly<Record<string, string>> = {
  Object: "a section of keys",
  Array: "a list",
  string: "a string",
  number: "a number",
  boolean: "true or false",
};

/** Reads a value by a schema and reports everything wrong with it, each fault at its path below `at`. */
export function parse<T extends v.GenericSchema>(
  schema: T,
  raw: unknown,
  at: FieldPath,
): Result<v.InferOutput<T>> {
  const dangerous = dangerousKeys(raw, at);
  if (dangerous.length > 0) return fail(dangerous);
  const strange = unknownKeys(shapeOf(schema), raw, at);
  const parsed = v.safeParse(schema, raw);
  const wrong = (parsed.issues ?? []).map((issue) => diagnosticOf(issue, at));
  const all: Diagnostic[] = [...strange, ...wrong];
  return parsed.success && all.length === 0 ? ok(parsed.output) : fail(all);
}

function diagnosticOf(issue: v.BaseIssue<unknown>, at: FieldPath): Diagnostic {
  const steps = issue.path ?? [];
  const path = [...at, ...steps.map((step) => step.key as string | number)];
  return errorAt(path, heard(issue.message) ?? findingOf(issue));
}

function findingOf(issue: v.BaseIssue<unknown>): Finding {
  const last = issue.path?.[issue.path.length - 1];
  if (last?.origin === "key" && issue.input === undefined) {
    return { code: "missing-key", message: `the key ${JSON.stringify(last.key)} is missing` };
  }
  const expected = EXPECTED[issue.expected ?? ""] ?? issue.expected ?? "something else";
  return { code: "wrong-type", message: `expected ${expected}, found ${nameOf(issue.input)}` };
}
