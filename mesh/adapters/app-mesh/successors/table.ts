import { capabilityIds, type CapabilityId } from "../../../capability/ids";
import type { CapabilityTable, Support } from "../../../capability/types";

/** A table of which only some answers are special: all others are no. */
export function mostlyNone(
  special: Partial<CapabilityTable>,
  otherwise: (id: CapabilityId) => Support,
): CapabilityTable {
  return Object.fromEntries(capabilityIds.map((id) => [id, special[id] ?? otherwise(id)])) as CapabilityTable;
}
