import type { JsonObject } from "../../../../lib";
import { kubeObject } from "../../../plan/objects";
import { versionServiceName } from "../../../gateway-api";
import type { Service, ServicePort } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";

interface PolicySeed {
  readonly name: string;
  readonly namespace: string;
  readonly spec: JsonObject;
}

export function policy(seed: PolicySeed): KubeObject {
  return kubeObject({ apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", ...seed });
}

export function requestAuthentication(seed: PolicySeed): KubeObject {
  return kubeObject({ apiVersion: "security.istio.io/v1", kind: "RequestAuthentication", ...seed });
}

/** Where something said of a service holds: at its own pods, or at the waypoint for its Service and those of its versions. */
export function heldBy(service: Service, { waypoint }: Site): JsonObject {
  if (waypoint === undefined) return { selector: { matchLabels: service.selector } };
  const names = [service.name, ...service.versions.map((v) => versionServiceName(service, v.name))];
  return { targetRefs: names.map((name) => ({ group: "", kind: "Service", name })) };
}

/** A port as whoever enforces policies sees it: pods their own, waypoints the Service's. */
export function portAt({ port, targetPort }: ServicePort, { waypoint }: Site): string {
  return String(waypoint === undefined ? targetPort : port);
}
