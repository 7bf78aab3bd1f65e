import { formatDiagnostics, type Diagnostic } from "../lib";
import { UserError } from "./exit";

/** Everything that is wrong with what was written, each with its place. */
export class Faults extends UserError {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter((d) => d.severity === "error");
    const count = errors.length === 1 ? "1 fault" : `${errors.length} faults`;
    super(
      `${count}\n${formatDiagnostics(diagnostics)}`,
      "mend what is wrong, then run the same command again",
    );
  }
}
