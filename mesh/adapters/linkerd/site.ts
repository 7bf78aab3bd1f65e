import type { RouteSite } from "../../gateway-api";
import type { Lookup } from "../../intent/lookup";
import type { NormalizedIntent } from "../../intent/types";
import type { ClusterFeatures } from "../../types";
import type { LinkerdOptions } from "./options";

/** What plans are made from. */
export interface Site {
  readonly intent: NormalizedIntent;
  readonly lookup: Lookup;
  readonly options: LinkerdOptions;
  readonly cluster: ClusterFeatures;
  /** The intent's routes, as Linkerd reads them. */
  readonly routes: RouteSite;
}
