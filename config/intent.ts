import { resolve } from "node:path";
import { errorAt, fail, isJsonObject, type Result } from "../lib";
import { parseIntent } from "../mesh/intent";
import type { NormalizedIntent } from "../mesh/intent/types";
import { readYaml } from "./document";
import { sectionPath, type StackFile } from "./stack-file";

const AT = sectionPath("intent");

/** The intent of a stack: written into its file, or in a file of its own. A stack without one has a mesh and nothing in it. */
export function loadIntent(stack: StackFile): Result<NormalizedIntent> {
  const raw = stack.sections.intent;
  if (!isJsonObject(raw) || !Object.hasOwn(raw, "file")) return parseIntent(raw ?? {}, AT);
  const { file, ...others } = raw;
  if (typeof file !== "string" || Object.keys(others).length > 0) {
    const message = "an intent in a file of its own is { file: <path> } and nothing else";
    return fail([errorAt(AT, { code: "wrong-type", message })]);
  }
  return fromFile(stack, resolve(stack.folder, file));
}

function fromFile({ sources }: StackFile, path: string): Result<NormalizedIntent> {
  const read = readYaml(path, [...AT, "file"]);
  if (!read.ok) return fail(read.diagnostics);
  const [document, second] = read.documents;
  if (document === undefined) return parseIntent({}, AT);
  sources.mount(AT, document);
  if (second === undefined) return parseIntent(document.value ?? {}, AT);
  const message = "an intent is one YAML document, this file has several";
  return fail([errorAt(AT, { code: "wrong-type", message, hint: "put them together" })]);
}
