import { formatPath, groupBy, warningAt, type Diagnostic, type FieldPath } from "../lib";
import { capability, catalogue, isCapability } from "./capability/catalogue";
import type { CapabilityId } from "./capability/ids";
import { leaveOut } from "./capability/leave-out";
import type { CapabilityTable, CapabilityUse, Change } from "./capability/types";
import type { Degrade, NormalizedIntent } from "./intent/types";

/** An intent without what its `degrade` gives up, and a warning for each loss, or for each entry that is none. */
export interface Degraded {
  readonly intent: NormalizedIntent;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Leaves out of an intent what the mesh lacks where `degrade` allows it: exactly the uses of the capability at or below
 * the place. What a mesh has is never left out, nor is anything that secures.
 */
export function degrade(intent: NormalizedIntent, table: CapabilityTable): Degraded {
  if (intent.degrade.length === 0) return { intent, warnings: [] };
  const found = [...groupBy(intent.degrade, ({ capability }) => capability)].map(([id, entries]): Losses => {
    if (!isCapability(id)) return { changes: [], warnings: [] };
    if (table[id].kind === "none") return lossesOf(id, { intent, entries });
    return { changes: [], warnings: entries.map((entry) => unneeded(id, entry)) };
  });
  return {
    intent: leaveOut(
      intent,
      found.flatMap(({ changes }) => changes),
    ),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}

interface Losses {
  readonly changes: readonly Change[];
  readonly warnings: readonly Diagnostic[];
}

function lossesOf(
  id: CapabilityId,
  { intent, entries }: { intent: NormalizedIntent; entries: readonly Degrade[] },
): Losses {
  const byPlace = groupBy(entries, ({ where }) => formatPath(where));
  const counts = new Map<Degrade, number>();
  const changes = capability(id)
    .uses(intent)
    .flatMap((use): Change[] => {
      const allowing = byPlace.size === 0 ? [] : entriesAbove(use, byPlace);
      if (allowing.length === 0 || use.without === undefined) return [];
      for (const entry of allowing) counts.set(entry, (counts.get(entry) ?? 0) + 1);
      return [use.without];
    });
  return { changes, warnings: entries.map((entry) => outcomeOf(id, entry, counts.get(entry) ?? 0)) };
}

/** The entries whose place is the use's own or one that holds it. */
function entriesAbove(
  { at }: CapabilityUse,
  byPlace: ReadonlyMap<string, readonly Degrade[]>,
): readonly Degrade[] {
  return at.flatMap((_, i) => byPlace.get(formatPath(at.slice(0, i + 1))) ?? []);
}

function outcomeOf(id: CapabilityId, { where, reason, at }: Degrade, count: number): Diagnostic {
  if (count === 0) return unmatched(id, { where, at });
  const { title } = capability(id);
  const places = count === 1 ? "" : `, at ${count} places below`;
  return warningAt(where, {
    code: "degraded",
    message: `done without ${title} (${id})${places}: ${reason}`,
  });
}

function unmatched(id: CapabilityId, { where, at }: { where: FieldPath; at: FieldPath }): Diagnostic {
  return warningAt([...at, "at"], {
    code: "degrade-unmatched",
    message: `nothing at ${formatPath(where)} asks for ${id} and can be left out`,
    hint: "take the entry out, or correct its place; places are those of the document that the entry is in",
  });
}

function unneeded(id: CapabilityId, { at }: Degrade): Diagnostic {
  return warningAt([...at, "capability"], {
    code: "degrade-unneeded",
    message: `this mesh has ${id}, so nothing is given up`,
    hint: "take the entry out, or keep it for another mesh",
  });
}

/** Everything that an intent asks for and the mesh lacks. */
export function lacking(
  intent: NormalizedIntent,
  table: CapabilityTable,
): { readonly id: CapabilityId; readonly use: CapabilityUse }[] {
  return catalogue
    .filter(({ id }) => table[id].kind === "none")
    .flatMap(({ id, uses }) => uses(intent).map((use) => ({ id, use })));
}
