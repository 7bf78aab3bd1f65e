import * as pulumi from "@pulumi/pulumi";
import type { Diagnostic, Result } from "../lib";
import { formatDiagnostic, formatDiagnostics } from "../lib";

/** The value, its warnings logged; or one error that holds every fault. */
export function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw refusal(result.diagnostics);
  for (const warning of result.warnings) void pulumi.log.warn(formatDiagnostic(warning));
  return result.value;
}

/** One error for all faults, shown without a stack trace, since they are the user's to mend. */
export function refusal(diagnostics: readonly Diagnostic[]): pulumi.RunError {
  const errors = diagnostics.filter((d) => d.severity === "error").length;
  const head = `${errors} ${errors === 1 ? "error" : "errors"}; nothing was changed`;
  return new pulumi.RunError(`${head}\n${formatDiagnostics(diagnostics)}`);
}
