import type { Progress } from "../embedded/tools/types";
import type { Chart } from "../mesh/plan/types";

/** What rendering depends on beside the plan. */
export interface RenderContext {
  /** Of the cluster that the objects are for: `1.36.3`. */
  readonly kubernetesVersion: string;
  /** Folder from which relative paths of charts start; default: the current one. */
  readonly folder?: string;
  /** Told what is being rendered, where nothing was cached. */
  readonly progress?: Progress;
}

/** A chart that was found, ready for the Helm CLI. */
export interface LocatedChart {
  readonly chart: Chart;
  /** What `helm template` is given: a folder, or a name with its repository, or an OCI address. */
  readonly helmArgs: readonly string[];
  /** Equal for charts of equal content, as far as that can be known without fetching them. */
  readonly digest: string;
}
