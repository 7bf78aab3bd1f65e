import type { Draft } from "../draft";
import type { Manifests } from "../manifests";
import { addVersions, readServices } from "../services";
import type { Source } from "../types";
import { readTrafficSplits } from "./splits";
import { readTrafficTargets } from "./targets";

/** The Service Mesh Interface, as Open Service Mesh and early releases of others read it. */
export const smi: Source = { title: "SMI", security: ["TrafficTarget"], read: readSmi };

function readSmi(manifests: Manifests, draft: Draft): void {
  readServices(manifests, draft);
  readTrafficSplits(manifests, draft);
  readTrafficTargets(manifests, draft);
  // They say nothing by themselves: splits and targets name them.
  for (const kind of ["HTTPRouteGroup", "TCPRoute", "UDPRoute"]) {
    for (const item of manifests.take("specs.smi-spec.io", kind)) item.spec.accept();
  }
  addVersions(manifests, draft);
}
