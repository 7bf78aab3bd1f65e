import { catalogue } from "../../../mesh/capability/catalogue";
import type { CapabilityId } from "../../../mesh/capability/ids";
import type { FieldPath } from "../../../lib";
import type { NormalizedIntent } from "../../../mesh/intent/types";
import type { Outcome } from "../../../mesh/semantics";

export type Uses = readonly { readonly id: CapabilityId; readonly at: FieldPath }[];

/** Every place where an intent asks for a capability. */
export function usesOf(intent: NormalizedIntent): Uses {
  return catalogue.flatMap(({ id, uses }) => uses(intent).map(({ at }) => ({ id, at })));
}

/**
 * The capabilities that had a part in an outcome: those that are asked for inside of what decided it, or by what it lies
 * in. Of a rule, matches that did not decide are left out.
 */
export function concerned(outcome: Outcome, uses: Uses): Set<CapabilityId> {
  const deciding = [...outcome.because, ...verdicts(outcome)];
  const matches = deciding.filter(isMatch);
  const counts = (at: FieldPath): boolean => {
    const own = matchOf(at);
    if (own !== undefined && matches.length > 0 && !matches.some((m) => within(own, m))) return false;
    return deciding.some((path) => within(at, path) || within(path, at));
  };
  return new Set(uses.filter(({ at }) => counts(at)).map(({ id }) => id));
}

function verdicts(outcome: Outcome): readonly FieldPath[] {
  if (outcome.kind !== "forwarded") return [];
  const all = [...outcome.backends, ...outcome.treatment.mirrors].map((b) => b.verdict);
  return all.flatMap((v) => [...v.because, ...v.audited]);
}

const isMatch = (path: FieldPath): boolean => path.length > 0 && matchOf(path)?.length === path.length;

/** The part of a path up to the match that it lies in. */
function matchOf(path: FieldPath): FieldPath | undefined {
  const at = path.indexOf("match");
  return at === -1 || path.length <= at + 1 ? undefined : path.slice(0, at + 2);
}

function within(path: FieldPath, outer: FieldPath): boolean {
  return outer.length > 0 && outer.every((part, i) => part === path[i]);
}
