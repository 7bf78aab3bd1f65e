import { formatPath, type FieldPath } from "./field-path";

export type Severity = "error" | "warning" | "info";

/** Where a value was written. Lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing to tell the user about what they wrote: what is wrong, where, and what to do. */
export interface Diagnostic {
  /** Stable, kebab-case, for machines: `unknown-key`, `unsupported-capability`. */
  readonly code: string;
  readonly severity: Severity;
  /** Path from the document's root. */
  readonly path: FieldPath;
  /** What is wrong, as one sentence without a final stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Present once the path has been looked up in the document it came from. */
  readonly source?: SourcePosition;
}

/** What a diagnostic says, apart from how bad it is and where. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

export function errorAt(path: FieldPath, finding: Finding): Diagnostic {
  return { ...finding, severity: "error", path };
}

export function warningAt(path: FieldPath, finding: Finding): Diagnostic {
  return { ...finding, severity: "warning", path };
}

export function infoAt(path: FieldPath, finding: Finding): Diagnostic {
  return { ...finding, severity: "info", path };
}

/** One diagnostic for a terminal: `file:line:column: error code: message (at path)`, with the hint below. */
export function formatDiagnostic(d: Diagnostic): string {
  const where = d.source === undefined ? "" : `${d.source.file}:${d.source.line}:${d.source.column}: `;
  const path = d.path.length === 0 ? "" : ` (at ${formatPath(d.path)})`;
  const hint = d.hint === undefined ? "" : `\n  ${d.hint}`;
  return `${where}${d.severity} ${d.code}: ${d.message}${path}${hint}`;
}

/** All diagnostics for a terminal, in the order of their files and lines. */
export function formatDiagnostics(diagnostics: readonly Diagnostic[]): string {
  return [...diagnostics].sort(bySource).map(formatDiagnostic).join("\n");
}

/** File, then line, then column; those without a position keep their order, after the others. */
function bySource(a: Diagnostic, b: Diagnostic): number {
  if (a.source === undefined || b.source === undefined) {
    return Number(a.source === undefined) - Number(b.source === undefined);
  }
  if (a.source.file !== b.source.file) return a.source.file < b.source.file ? -1 : 1;
  return a.source.line - b.source.line || a.source.column - b.source.column;
}
