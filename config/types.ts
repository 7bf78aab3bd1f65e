import type { Diagnostic } from "../lib";
import type { NormalizedIntent } from "../mesh/intent/types";
import type { KubeObject } from "../mesh/plan/types";
import type { ConfiguredMesh } from "../mesh/types";
import type { ConfiguredCluster } from "../providers/types";

/** What a stack's config says, every part of it checked. */
export interface DeploymentConfig {
  /** The stack's file, as it was given. */
  readonly file: string;
  /** The folder that holds it, from which relative paths start. Absolute. */
  readonly folder: string;
  /** By name; the one of the short form `meshwright:cluster` is called `main`. */
  readonly clusters: { readonly [name: string]: ConfiguredCluster };
  readonly mesh: ConfiguredMesh;
  readonly intent: NormalizedIntent;
  /** Objects of the files under `meshwright:workloads`, in their order. */
  readonly workloads: readonly KubeObject[];
  /** Adds file, line and column to diagnostics of later stages, such as those of `compile`. */
  locate(diagnostics: readonly Diagnostic[]): readonly Diagnostic[];
}
