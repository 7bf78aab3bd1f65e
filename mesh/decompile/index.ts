import { formatPath, type Diagnostic } from "../../lib";
import { Draft } from "./draft";
import { finish } from "./finish";
import { Manifests } from "./manifests";
import { sources, type SourceKind } from "./registry";
import { readRollouts } from "./rollouts";
import type { Decompiled, Manifest } from "./types";
import { writeIntent } from "./write";

export { sources, type SourceKind } from "./registry";
export type { Decompiled, Manifest } from "./types";
export { writeIntent } from "./write";

/**
 * The intent that the objects of a mesh amount to, and everything that they say and it does not. Takes whatever it is
 * given: what is not an object, or not one of this mesh, is among the losses. The order of the objects does not matter.
 */
export function decompile(source: SourceKind, manifests: readonly Manifest[]): Decompiled {
  const losses: Diagnostic[] = [];
  const filed = new Manifests(manifests, losses);
  const draft = new Draft(losses);
  sources[source].read(filed, draft);
  readRollouts(filed, draft);
  filed.settle(sources[source].security);
  return { intent: writeIntent(finish(draft)), losses: distinct(losses) };
}

/** A field may be looked at for several services; its loss is told once. */
function distinct(losses: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map(losses.map((loss) => [`${formatPath(loss.path)} ${loss.message}`, loss]));
  return [...seen.values()];
}
