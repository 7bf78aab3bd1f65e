import { catalogue } from "../../../capability/catalogue";
import type { CapabilityId } from "../../../capability/ids";
import type { CapabilityTable } from "../../../capability/types";
import type { NormalizedIntent } from "../../../intent/types";

/** One thing that an intent asks for, and why a successor does not have it. */
export type Loss = {
  readonly capability: CapabilityId;
  /** How often it is asked for: plans are the same wherever their intent was written, so not where. */
  readonly places: number;
  readonly reason: string;
  readonly nearest?: string;
  readonly source: string;
};

/** What an intent asks for that a successor does not have. */
export function losses(intent: NormalizedIntent, table: CapabilityTable): Loss[] {
  return catalogue.flatMap(({ id, uses }) => {
    const support = table[id];
    if (support.kind !== "none") return [];
    const { reason, nearest, source } = support;
    const places = uses(intent).length;
    if (places === 0) return [];
    return [{ capability: id, places, reason, ...(nearest === undefined ? {} : { nearest }), source }];
  });
}
