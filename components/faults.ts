import * as pulumi from "@pulumi/pulumi";
import type { Diagnostic, Result } from "../lib";
import { formatDiagnostic, formatDiagnostics } from "../lib";

type Locate = (diagnostics: readonly Diagnostic[]) => readonly Diagnostic[];

/** The value, its warnings logged; or one error that holds every fault. `locate` adds where each was written. */
export function orThrow<T>(result: Result<T>, locate: Locate = (diagnostics) => diagnostics): T {
  if (!result.ok) throw refusal(locate(result.diagnostics));
  for (const note of locate(result.warnings)) {
    void (note.severity === "info"
      ? pulumi.log.info(formatDiagnostic(note))
      : pulumi.log.warn(formatDiagnostic(note)));
  }
  return result.value;
}

/** Throws one error that holds every fault, if there are any. */
export function refuse(faults: readonly Diagnostic[]): void {
  if (faults.length > 0) throw refusal(faults);
}

/** Shown without a stack trace, since the faults are the user's to mend. */
function refusal(diagnostics: readonly Diagnostic[]): pulumi.RunError {
  const errors = diagnostics.filter((d) => d.severity === "error").length;
  const head = `${errors} ${errors === 1 ? "error" : "errors"}; nothing was changed`;
  return new pulumi.RunError(`${head}\n${formatDiagnostics(diagnostics)}`);
}
