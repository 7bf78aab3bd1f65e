import type { KubeObject, Step } from "../../plan/types";
import { WORKLOADS } from "../../plan/workloads";
import type { ClusterFeatures } from "../../types";
import { defaults } from "./defaults";
import { egressObjects } from "./egress";
import { gatewayObjects } from "./gateways";
import { gatewayRoutes } from "./gateways/routes";
import { installStep } from "./install";
import { namespaces } from "./namespaces";
import type { Site } from "./site";
import { intentions } from "./security/intentions";
import { jwtProviders } from "./security/jwt";
import { trafficObjects } from "./traffic";

/** Config entries in the order in which Consul accepts them: each needs those before it. */
export interface ConfigGroup {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly objects: readonly KubeObject[];
}

/**
 * Protocols before permissions and routes, which need them; policies before the workloads; splits after the instances
 * that they name, routes after the splits.
 */
export function configGroups(site: Site): ConfigGroup[] {
  const traffic = trafficObjects(site);
  return [
    { id: "defaults", dependsOn: [], objects: [...defaults(site), ...egressObjects(site)] },
    { id: "security", dependsOn: ["defaults"], objects: [...jwtProviders(site), ...intentions(site)] },
    { id: WORKLOADS, dependsOn: ["security"], objects: [] },
    { id: "resolvers", dependsOn: ["security", WORKLOADS], objects: traffic.resolvers },
    { id: "splitters", dependsOn: ["resolvers"], objects: traffic.splits },
    { id: "routers", dependsOn: ["splitters"], objects: traffic.routers },
  ];
}

/** The whole plan in Kubernetes. Consul's entries carry finalizers, so that they go before its controller does. */
export function kubernetesSteps(site: Site, cluster: ClusterFeatures): Step[] {
  const groups = configGroups(site).map((group) =>
    step({ ...group, dependsOn: group.dependsOn.length === 0 ? ["consul"] : group.dependsOn }),
  );
  const gateways = [...gatewayObjects(site, cluster), ...gatewayRoutes(site)];
  return [
    step({ id: "namespaces", dependsOn: [], objects: namespaces(site) }),
    installStep(site),
    ...groups,
    step({ id: "gateways", dependsOn: ["routers"], objects: gateways }),
  ];
}

export function step({ id, dependsOn, objects }: ConfigGroup): Step {
  return { id, dependsOn, readiness: "ready", do: { kind: "objects", objects } };
}
