import type { Diagnostic, FieldPath } from "../../lib";
import type { Intent } from "../intent";
import type { Draft } from "./draft";
import type { Manifests } from "./manifests";

/** A Kubernetes object as it was found, of whatever form, and where: its path is the start of the losses' paths. */
export interface Manifest {
  readonly object: unknown;
  readonly at: FieldPath;
}

export interface Decompiled {
  /** As a file or a program writes it. */
  readonly intent: Intent;
  /**
   * What the intent does not say, each at the field of the manifest that does: `lost` and `changed`, errors where
   * security is lost; `assumed`: what the manifests do not tell and the intent must say.
   */
  readonly losses: readonly Diagnostic[];
}

/** A language of manifests that intents can be read from. */
export interface Source {
  readonly title: string;
  /** Kinds that keep something closed: what is lost of them is an error. */
  readonly security: readonly string[];
  read(manifests: Manifests, draft: Draft): void;
}
