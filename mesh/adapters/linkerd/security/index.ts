import { groupBy } from "../../../../lib";
import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";
import { scraping } from "./admin";
import { callersOf, policiesFor } from "./callers";
import { judged, Parts, requestObjects, type JudgedDoor } from "./requests";
import { connectionAllows, doorsOf, server } from "./servers";

export { securityFaults } from "./faults";
export type { JudgedDoor } from "./requests";

/** A Server for every port of every service, and who may come in there. Nothing here waits for pods to start anew. */
export function securityObjects(site: Site, doors: readonly JudgedDoor[]): KubeObject[] {
  return [...doors.flatMap((door) => doorObjects(door, site)), ...scraping(site)];
}

export function allDoors(site: Site): JudgedDoor[] {
  const parts = new Parts();
  const byService = groupBy(site.intent.access, (a) => a.to.service);
  return site.intent.services
    .filter((s) => s.workloads === "kubernetes")
    .flatMap((s) => doorsOf(s, site, byService.get(s.key) ?? []))
    .map((door) => judged(door, site, parts));
}

function doorObjects(door: JudgedDoor, site: Site): KubeObject[] {
  const allows = connectionAllows(door);
  const target = {
    kind: "Server" as const,
    name: door.name,
    namespace: door.service.namespace,
    mode: door.mode,
  };
  return [server(door), ...policiesFor(target, callersOf(allows, site)), ...requestObjects(door)];
}
