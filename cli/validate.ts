import { formatDiagnostics, type Diagnostic } from "../lib";
import { exitCode, type ExitCode } from "./exit";
import { Faults } from "./faults";
import { readIntent, type IntentOptions } from "./intent-source";
import type { Output } from "./output";

export interface Validation {
  readonly ok: boolean;
  /** Errors where it is not ok, else what is legal and probably not meant. */
  readonly diagnostics: readonly Diagnostic[];
  /** How much there is of each section that has something in it. */
  readonly sections: { readonly [name: string]: number };
}

/** Checks an intent by itself: its form, what it refers to, and the rules that hold for every mesh. */
export function validate(options: IntentOptions, root: string): Validation {
  try {
    const { intent, warnings } = readIntent(options, root);
    const counts = Object.entries(intent).flatMap(([name, section]): [string, number][] =>
      Array.isArray(section) && section.length > 0 ? [[name, section.length]] : [],
    );
    return { ok: true, diagnostics: warnings, sections: Object.fromEntries(counts) };
  } catch (error) {
    if (error instanceof Faults) return { ok: false, diagnostics: error.diagnostics, sections: {} };
    throw error;
  }
}

/** Faults go where errors go, unless a machine reads. */
export function report(validation: Validation, output: Output): ExitCode {
  const { ok, diagnostics, sections } = validation;
  if (!output.json && diagnostics.length > 0) output.progress(formatDiagnostics(diagnostics));
  const counts = Object.entries(sections).map(([name, count]) => `${name} ${count}`);
  if (ok || output.json)
    output.result(() => `The intent is sound: ${counts.join(", ") || "empty"}`, validation);
  else output.progress(`${diagnostics.filter((d) => d.severity === "error").length} faults`);
  return ok ? exitCode.ok : exitCode.badInput;
}
