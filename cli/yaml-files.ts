import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseYaml, readYaml, type ReadResult, type YamlDocument } from "../config/document";
import type { Diagnostic } from "../lib";
import { UserError } from "./exit";
import { Faults } from "./faults";

/** The standard input, where a file is asked for. */
const STDIN = "-";

/**
 * The YAML documents of files, of folders (their `*.yaml`, `*.yml` and `*.json`, those of folders within included), and
 * of standard input (`-`), empty ones left out. Throws a `UserError` with everything that cannot be read.
 */
export function readDocuments(paths: readonly string[]): readonly YamlDocument[] {
  const read = paths.flatMap((path) =>
    path === STDIN ? [fromStdin()] : filesOf(path).map((file) => readYaml(file)),
  );
  const wrong = read.flatMap((result): readonly Diagnostic[] => (result.ok ? [] : result.diagnostics));
  if (wrong.length > 0) throw new Faults(wrong);
  const documents = read.flatMap((result) => (result.ok ? result.documents : []));
  return documents.filter(({ value }) => value !== null && value !== undefined);
}

function fromStdin(): ReadResult {
  return parseYaml(readFileSync(0, "utf8"), "stdin");
}

function filesOf(path: string): string[] {
  const full = resolve(path);
  if (!existsSync(full)) {
    throw new UserError(
      `there is no ${path}`,
      "name a file, a folder of *.yaml files, or - for standard input",
    );
  }
  if (!statSync(full).isDirectory()) return [full];
  const files = within(full);
  if (files.length > 0) return files;
  throw new UserError(
    `there is no *.yaml, *.yml or *.json file in ${path}`,
    "name another folder, or a file",
  );
}

function within(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name.startsWith(".") || entry.name === "node_modules" ? [] : within(path);
    return /\.(ya?ml|json)$/.test(entry.name) ? [path] : [];
  });
}
