import type { Lookup } from "../../intent/lookup";
import type { NormalizedIntent } from "../../intent/types";
import type { ClusterFeatures } from "../../types";
import type { AppMeshOptions } from "./options";

/** All that App Mesh's resources are made from. */
export interface Site {
  readonly intent: NormalizedIntent;
  readonly lookup: Lookup;
  readonly options: AppMeshOptions;
  readonly cluster: ClusterFeatures;
}
