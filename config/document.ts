import { readFileSync, statSync } from "node:fs";
import { isAbsolute, relative } from "node:path";
import { LineCounter, parseAllDocuments, type Document, type YAMLError } from "yaml";
import { duplicateKeys } from "./duplicate-keys";
import { nestsTooDeep } from "./nesting";
import { errorAt, type Diagnostic, type FieldPath, type Finding, type SourcePosition } from "../lib";

/** Larger files are refused before they are read. */
const LARGEST_BYTES = 5 * 1024 * 1024;
/** How often an anchor may be used, anchors within anchors multiplied: far beyond use, far below harm. */
const MOST_ALIASES = 1000;

/** One YAML document of a file, as plain values and as nodes that know where they stand. */
export interface YamlDocument {
  /** As shown in messages. */
  readonly file: string;
  readonly value: unknown;
  readonly nodes: Document;
  readonly lines: LineCounter;
}

export type ReadResult =
  | { readonly ok: true; readonly documents: readonly YamlDocument[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Reads a file of one or more YAML documents. Whatever is wrong with it becomes diagnostics with positions; a file that
 * cannot be read is reported at `from`, the place that refers to it, if there is one.
 */
export function readYaml(path: string, from?: FieldPath): ReadResult {
  const file = shownPath(path);
  const text = readText(path);
  if (typeof text !== "string") {
    const finding = { ...text, message: `${text.message}: ${file}` };
    const diagnostic = from === undefined ? at({ file, line: 1, column: 1 }, text) : errorAt(from, finding);
    return { ok: false, diagnostics: [diagnostic] };
  }
  return parseYaml(text, file);
}

/** The documents of a text; `file` is what messages call it. */
export function parseYaml(text: string, file: string): ReadResult {
  if (nestsTooDeep(text)) return { ok: false, diagnostics: [at({ file, line: 1, column: 1 }, TOO_DEEP)] };
  const lines = new LineCounter();
  try {
    const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const documents = "empty" in parsed ? [] : parsed;
    const faults = documents.flatMap((nodes) => [
      ...nodes.errors.map((error) => faultAt(error.pos[0], syntax(error), { file, lines })),
      ...duplicateKeys(nodes).map((offset) => faultAt(offset, TWICE, { file, lines })),
    ]);
    if (faults.length > 0) return { ok: false, diagnostics: faults };
    return { ok: true, documents: documents.map((nodes) => ({ file, lines, nodes, value: plain(nodes) })) };
  } catch (error) {
    return { ok: false, diagnostics: [at({ file, line: 1, column: 1 }, tooMuch(error as Error))] };
  }
}

function readText(path: string): string | Finding {
  try {
    const { size } = statSync(path);
    if (size > LARGEST_BYTES) {
      const megabytes = (size / 1024 / 1024).toFixed(1);
      return {
        code: "file-too-large",
        message: `the file has ${megabytes} MB, the most that is read is 5 MB`,
        hint: "split it into several files",
      };
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    return unreadable(error as NodeJS.ErrnoException);
  }
}

function unreadable({ code, message }: NodeJS.ErrnoException): Finding {
  switch (code) {
    case "ENOENT":
      return { code: "no-such-file", message: "there is no such file" };
    case "EISDIR":
      return { code: "not-a-file", message: "this is a folder, not a file" };
    case "EACCES":
    case "EPERM":
      return { code: "unreadable-file", message: "the file may not be read", hint: "check its permissions" };
    case "ERR_ENCODING_INVALID_ENCODED_DATA":
      return { code: "not-text", message: "the file is not UTF-8 text", hint: "save it as UTF-8" };
    default:
      return { code: "unreadable-file", message: `the file cannot be read: ${message}` };
  }
}

/** Aliases are followed here, so this is where a small file would become a large value. */
function plain(nodes: Document): unknown {
  return nodes.toJS({ maxAliasCount: MOST_ALIASES });
}

const TOO_DEEP: Finding = { code: "too-deep", message: "the file nests deeper than can be read" };

function tooMuch(error: Error): Finding {
  if (error instanceof RangeError) return TOO_DEEP;
  if (/alias/i.test(error.message)) {
    const message = "the file's aliases expand to far more than it holds";
    return { code: "too-many-aliases", message, hint: "write the values out" };
  }
  return { code: "yaml", message: error.message };
}

const TWICE: Finding = {
  code: "duplicate-key",
  message: "the key is here for the second time",
  hint: "keep one of the two",
};

function syntax({ message }: YAMLError): Finding {
  return { code: "yaml", message: message.replace(/\.$/, "") };
}

function faultAt(
  offset: number,
  finding: Finding,
  { file, lines }: { file: string; lines: LineCounter },
): Diagnostic {
  const { line, col } = lines.linePos(offset);
  return at({ file, line, column: col }, finding);
}

function at(source: SourcePosition, finding: Finding): Diagnostic {
  return { ...finding, severity: "error", path: [], source };
}

/** The path from where the user stands, if that is below. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") || isAbsolute(short) ? path : short;
}
