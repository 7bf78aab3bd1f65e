import type { FieldPath } from "../../lib";
import type { NormalizedIntent } from "../intent/types";
import { access } from "./access";
import { changing } from "./changes";
import { edge } from "./edge";
import { forwarding } from "./forwarding";
import { capabilityIds, type CapabilityId } from "./ids";
import { matching } from "./matching";
import { mtls } from "./mtls";
import { operation } from "./operation";
import { traffic } from "./traffic";
import type { Capability, Definition } from "./types";

const definitions: { readonly [id in CapabilityId]: Definition } = {
  ...matching,
  ...forwarding,
  ...changing,
  ...traffic,
  ...mtls,
  ...access,
  ...edge,
  ...operation,
};

/** Every capability that an intent can ask for, in the order of tables. */
export const catalogue: readonly Capability[] = capabilityIds.map((id) => ({ id, ...definitions[id] }));

export function isCapability(id: string): id is CapabilityId {
  return Object.hasOwn(definitions, id);
}

export function capability(id: CapabilityId): Capability {
  return { id, ...definitions[id] };
}

/** Everything that an intent asks of a mesh, and where. */
export function requiredBy(
  intent: NormalizedIntent,
): { readonly capability: CapabilityId; readonly at: FieldPath }[] {
  return catalogue.flatMap(({ id, uses }) => uses(intent).map(({ at }) => ({ capability: id, at })));
}
