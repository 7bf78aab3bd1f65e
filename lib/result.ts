import type { Diagnostic } from "./diagnostic";

/** A value with its warnings, or every reason why there is none. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function ok<T>(value: T, warnings: readonly Diagnostic[] = []): Result<T> {
  return { ok: true, value, warnings };
}

export function fail(diagnostics: readonly Diagnostic[]): Result<never> {
  return { ok: false, diagnostics };
}

/** Builds a result from a value and all that was found: any error makes it a failure. */
export function settle<T>(value: T, found: readonly Diagnostic[]): Result<T> {
  return found.some((d) => d.severity === "error") ? fail(found) : ok(value, found);
}

/** Everything found along the way, whether it ended well or not. */
export function found(result: Result<unknown>): readonly Diagnostic[] {
  return result.ok ? result.warnings : result.diagnostics;
}
