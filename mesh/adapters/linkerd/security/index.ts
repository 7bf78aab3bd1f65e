import { groupBy } from "../../../../lib";
import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";
import { scraping } from "./admin";
import { callersOf, policiesFor } from "./callers";
import { requestObjects } from "./requests";
import { connectionAllows, doorsOf, server, type Door } from "./servers";

export { securityFaults } from "./faults";

/** A Server for every port of every service, and who may come in there. Nothing here waits for pods to start anew. */
export function securityObjects(site: Site): KubeObject[] {
  return [...allDoors(site).flatMap((door) => doorObjects(door, site)), ...scraping(site)];
}

export function allDoors(site: Site): Door[] {
  const byService = groupBy(site.intent.access, (a) => a.to.service);
  return site.intent.services
    .filter((s) => s.workloads === "kubernetes")
    .flatMap((s) => doorsOf(s, site, byService.get(s.key) ?? []));
}

function doorObjects(door: Door, site: Site): KubeObject[] {
  const allows = connectionAllows(door);
  const target = {
    kind: "Server" as const,
    name: door.name,
    namespace: door.service.namespace,
    mode: door.mode,
  };
  return [server(door), ...policiesFor(target, callersOf(allows, site)), ...requestObjects(door, site)];
}
