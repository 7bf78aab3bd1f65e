import type { Finding } from "../lib";

/** Why charts could not be rendered; shown to the user as a diagnostic. */
export class RenderError extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
  }
}
