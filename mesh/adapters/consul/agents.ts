import type { Step } from "../../plan/types";
import { WORKLOADS } from "../../plan/workloads";
import { configEntry, configResource } from "./export";
import type { Site } from "./site";
import { configGroups, step } from "./steps";

/** The plan for agents on machines: config entries alone, as resources of Consul's own provider. */
export function configSteps(site: Site): Step[] {
  return configGroups(site).map((group) => {
    if (group.id === WORKLOADS) return step(group);
    const resources = group.objects.flatMap((object) => configEntry(object) ?? []).map(configResource);
    const { id, dependsOn } = group;
    return { id, dependsOn, readiness: "ready", do: { kind: "cloudResources", resources } };
  });
}
