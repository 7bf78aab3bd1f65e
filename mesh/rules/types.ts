import type { Diagnostic } from "../../lib";
import type { Lookup } from "../intent/lookup";
import type { NormalizedIntent } from "../intent/types";

/** What a rule looks at: the intent, and its services and gateways by name. */
export interface RuleInput {
  readonly intent: NormalizedIntent;
  readonly lookup: Lookup;
}

/** One thing that must hold for an intent whatever the mesh. */
export interface Rule {
  /** The code of its diagnostics. */
  readonly code: string;
  /** What holds where the rule is kept, as one sentence. */
  readonly title: string;
  check(input: RuleInput): readonly Diagnostic[];
}
