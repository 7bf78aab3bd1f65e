import { createHash, randomBytes } from "node:crypto";
import { isMap, type CheckRequest, type CheckFailure, type ValueMap } from "../plugin";
import { AUTONAMED, Handling } from "./annotations";

const SUFFIX = 8;

/** Names our fields in the object's managedFields, for as long as the resource lives. */
export function newFieldManager(): string {
  return `pulumi-kubernetes-${randomBytes(SUFFIX / 2).toString("hex")}`;
}

/**
 * Metadata with a name: the user's, the one it had, or a new one from the resource's name, marked as such so that
 * a replacement may get another.
 */
export function withName(
  metadata: ValueMap,
  request: CheckRequest,
  olds: () => { readonly metadata?: unknown },
): { readonly metadata: ValueMap; readonly failure?: CheckFailure } {
  if (metadata["name"] !== undefined || metadata["generateName"] !== undefined) return { metadata };
  const oldInputs = olds();
  const before = oldInputs.metadata as { name?: string } | undefined;
  if (before?.name && new Handling(oldInputs).autonamed) return { metadata: named(metadata, before.name) };
  const { autonaming } = request;
  if (autonaming?.mode === "disable") {
    const reason = "automatic naming is disabled, but the resource has no name; set metadata.name";
    return { metadata, failure: { property: "metadata.name", reason } };
  }
  return {
    metadata: named(metadata, autonaming?.proposedName || `${request.name}-${suffix(request.randomSeed)}`),
  };
}

function named(metadata: ValueMap, name: string): ValueMap {
  const annotations = isMap(metadata["annotations"]) ? metadata["annotations"] : {};
  return { ...metadata, name, annotations: { ...annotations, [AUTONAMED]: "true" } };
}

/** The same for the same seed, so that an update plan can be kept. */
function suffix(seed: Uint8Array): string {
  if (seed.length === 0) return randomBytes(SUFFIX / 2).toString("hex");
  return createHash("sha256").update(seed).digest("hex").slice(0, SUFFIX);
}
