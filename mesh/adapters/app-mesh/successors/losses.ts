import { formatPath } from "../../../../lib";
import { catalogue } from "../../../capability/catalogue";
import type { CapabilityId } from "../../../capability/ids";
import type { CapabilityTable } from "../../../capability/types";
import type { NormalizedIntent } from "../../../intent/types";

/** One thing that an intent asks for in one place, and why a successor does not have it. */
export type Loss = {
  readonly capability: CapabilityId;
  readonly at: string;
  readonly reason: string;
  readonly nearest?: string;
  readonly source: string;
};

/** What an intent asks for that a successor does not have, place by place. */
export function losses(intent: NormalizedIntent, table: CapabilityTable): Loss[] {
  return catalogue.flatMap(({ id, uses }) => {
    const support = table[id];
    if (support.kind !== "none") return [];
    const { reason, nearest, source } = support;
    return uses(intent).map(({ at }) => ({
      capability: id,
      at: formatPath(at),
      reason,
      ...(nearest === undefined ? {} : { nearest }),
      source,
    }));
  });
}
