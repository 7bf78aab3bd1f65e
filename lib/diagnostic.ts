import type { FieldPath } from "./field-path";

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
