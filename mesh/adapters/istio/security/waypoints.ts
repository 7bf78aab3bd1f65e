import type { Service } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { principalOf } from "../names";
import type { Site } from "../site";
import { policy } from "./objects";

/**
 * What keeps waypoints from being passed by: pods of services with policies take connections from their waypoint only,
 * and what denies by default does so at waypoints too, which selectors do not reach.
 */
export function waypointPolicies(site: Site): KubeObject[] {
  const { intent, waypoint, rootNamespace } = site;
  if (waypoint === undefined) return [];
  const guarded = intent.services
    .filter((s) => hasPolicies(s, site))
    .map((s) => guard(s, { site, waypoint }));
  if (intent.authorization.default === "allow") return guarded;
  const targetRefs = [{ group: "gateway.networking.k8s.io", kind: "GatewayClass", name: "istio-waypoint" }];
  return [
    policy({ name: "default-deny-waypoints", namespace: rootNamespace, spec: { targetRefs } }),
    ...guarded,
  ];
}

export function hasPolicies({ key }: Service, { intent, lookup }: Site): boolean {
  return (
    lookup.accessTo(key).length > 0 ||
    intent.externalAuthorization.some((e) => e.to.some((t) => t.service === key))
  );
}

function guard(
  { name, namespace, selector }: Service,
  { site, waypoint }: { site: Site; waypoint: string },
): KubeObject {
  const principals = [principalOf({ namespace, serviceAccount: waypoint }, site.trustDomain)];
  return policy({
    name: `${name}-from-waypoint`,
    namespace,
    spec: {
      selector: { matchLabels: selector },
      action: "ALLOW",
      rules: [{ from: [{ source: { principals } }] }],
    },
  });
}
