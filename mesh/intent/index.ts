import type { FieldPath, Result } from "../../lib";
import { settle } from "../../lib";
import { applyRules } from "../rules";
import { parse } from "../schema";
import { normalize } from "./normalize";
import { intentSchema } from "./schema";
import type { NormalizedIntent } from "./types";

export { intentSchema, type Intent } from "./schema";
export * from "./types";

/**
 * Reads an intent: its form, its defaults, and the rules that hold for every mesh.
 * Fails with everything that is wrong with it; succeeds with warnings about what is legal and probably not meant.
 * `at` is where the intent stands in its document, the start of every path reported; default: it is the document.
 */
export function parseIntent(raw: unknown, at: FieldPath = []): Result<NormalizedIntent> {
  const parsed = parse(intentSchema, raw ?? {}, at);
  if (!parsed.ok) return parsed;
  const intent = normalize(parsed.value, at);
  return settle(intent, applyRules(intent));
}
