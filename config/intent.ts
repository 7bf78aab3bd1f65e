import { readdirSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { byText, errorAt, fail, isJsonObject, type Diagnostic, type FieldPath, type Result } from "../lib";
import { parseIntent, parseParts, type WrittenPart } from "../mesh/intent";
import type { NormalizedIntent } from "../mesh/intent/types";
import { readYaml, shownPath } from "./document";
import type { Sources } from "./sources";
import { sectionPath, type StackFile } from "./stack-file";

const AT = sectionPath("intent");
const YAML = /\.(ya?ml|json)$/;

/**
 * The intent of a stack: written into its file, in a file of its own, or in a folder of files. A stack without one has
 * a mesh and nothing in it.
 */
export function loadIntent({ sections, folder, sources }: StackFile): Result<NormalizedIntent> {
  const raw = sections.intent;
  const elsewhere = isJsonObject(raw) && (Object.hasOwn(raw, "file") || Object.hasOwn(raw, "folder"));
  if (!elsewhere) return parseIntent(raw ?? {}, AT);
  const [[key, path] = ["", undefined], ...others] = Object.entries(raw);
  if (typeof path !== "string" || others.length > 0) {
    const message = "an intent elsewhere is { file: <path> } or { folder: <path> } and nothing else";
    return fail([errorAt(AT, { code: "wrong-type", message })]);
  }
  const place = { path: resolve(folder, path), at: [...AT, key], sources };
  return key === "file" ? fromFile(place) : fromFolder(place);
}

/** Where an intent is, and from which place it is referred to. */
export interface IntentPlace {
  /** Absolute. */
  readonly path: string;
  readonly at: FieldPath;
  /** Gets to know the files, so that it can say where diagnostics stand. */
  readonly sources: Sources;
}

/** The intent of one file. */
export function fromFile(place: IntentPlace): Result<NormalizedIntent> {
  const read = readParts(place, AT);
  return read.ok ? parseParts(read.parts) : fail(read.diagnostics);
}

/** The intent of all YAML files in a folder and in those below it, whatever their order. */
export function fromFolder({ path, at, sources }: IntentPlace): Result<NormalizedIntent> {
  const files = filesIn(path);
  if (files === undefined) {
    return fail([
      errorAt(at, { code: "no-such-folder", message: `there is no such folder: ${shownPath(path)}` }),
    ]);
  }
  if (files.length === 0) {
    return fail([
      errorAt(at, { code: "empty-folder", message: `there is no YAML file in ${shownPath(path)}` }),
    ]);
  }
  const read = files.map((file) => readParts({ path: join(path, file), at, sources }, [...AT, file]));
  const faults = read.flatMap((one) => (one.ok ? [] : one.diagnostics));
  return faults.length > 0 ? fail(faults) : parseParts(read.flatMap((one) => (one.ok ? one.parts : [])));
}

/** Paths from the folder, in one order. */
function filesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => YAML.test(file))
      .map((file) => file.split(sep).join("/"))
      .sort(byText);
  } catch {
    return undefined;
  }
}

type Parts =
  | { readonly ok: true; readonly parts: readonly WrittenPart[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** The documents of one file, their paths beginning with `mount`. */
function readParts({ path, at, sources }: IntentPlace, mount: FieldPath): Parts {
  const read = readYaml(path, at);
  if (!read.ok) return read;
  const alone = read.documents.length === 1;
  const parts = read.documents.map((document, i) => {
    const place = alone ? mount : [...mount, i];
    sources.mount(place, document);
    return { raw: document.value ?? {}, at: place };
  });
  return { ok: true, parts };
}
