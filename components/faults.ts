import * as pulumi from "@pulumi/pulumi";
import type { Diagnostic, Result } from "../lib";
import { formatPath } from "../lib";

/** The value, its warnings logged; or one error that holds every fault, without a stack trace: they are the user's to mend. */
export function orThrow<T>(result: Result<T>, what: string): T {
  if (!result.ok) throw new pulumi.RunError(describe(result.diagnostics, what));
  for (const warning of result.warnings) void pulumi.log.warn(line(warning));
  return result.value;
}

function describe(diagnostics: readonly Diagnostic[], what: string): string {
  const errors = diagnostics.filter((d) => d.severity === "error");
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  return [`${count} in ${what}; nothing was changed`, ...diagnostics.map(line)].join("\n");
}

function line({ source, path, severity, message, hint, code }: Diagnostic): string {
  const where =
    source === undefined
      ? formatPath(path)
      : `${source.file}:${source.line}:${source.column}: ${formatPath(path)}`;
  const label = severity === "error" ? "" : `${severity}: `;
  const way = hint === undefined ? "" : `\n    ${hint}`;
  return `  ${where}${where === "" ? "" : ": "}${label}${message} (${code})${way}`;
}
