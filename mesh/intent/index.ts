import { fail, settle, type Diagnostic, type FieldPath, type Result } from "../../lib";
import { applyRules } from "../rules";
import { parse } from "../schema";
import { normalize } from "./normalize";
import { saidTwice, type Part } from "./parts";
import { intentSchema } from "./schema";
import type { NormalizedIntent } from "./types";

export { intentSchema, type Intent } from "./schema";
export * from "./types";

/** One document of an intent, not yet looked at. `at` is where it stands, the start of every path reported of it. */
export interface WrittenPart {
  readonly raw: unknown;
  readonly at: FieldPath;
}

/**
 * Reads an intent: its form, its defaults, and the rules that hold for every mesh.
 * Fails with everything that is wrong with it; succeeds with warnings about what is legal and probably not meant.
 * `at` is where the intent stands in its document, the start of every path reported; default: it is the document.
 */
export function parseIntent(raw: unknown, at: FieldPath = []): Result<NormalizedIntent> {
  return parseParts([{ raw, at }]);
}

/** Reads an intent that is written in several documents, whose order means nothing. */
export function parseParts(written: readonly WrittenPart[]): Result<NormalizedIntent> {
  const read = written.map(({ raw, at }) => ({ parsed: parse(intentSchema, raw ?? {}, at), at }));
  const faults = read.flatMap(({ parsed }): readonly Diagnostic[] => (parsed.ok ? [] : parsed.diagnostics));
  const parts = read.flatMap(({ parsed, at }): Part[] => (parsed.ok ? [{ intent: parsed.value, at }] : []));
  // What is said twice would only be found fault with twice.
  const all = [...faults, ...saidTwice(parts)];
  if (all.length > 0) return fail(all);
  const intent = normalize(parts);
  return settle(intent, applyRules(intent));
}
