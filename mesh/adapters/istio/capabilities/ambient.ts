import { native, none, standard } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const atGateways = "at gateways; for calls to services it needs waypoints";

/** Without waypoints nobody sees requests between services; the option that adds them is the way out. */
const unseen = (what: string) =>
  none(
    `without waypoints nobody sees requests between services, so that ${what}`,
    docs.ambientL7,
    "waypoints: namespace",
  );
const endpoints = unseen("connections are spread as the nodes' proxies do by themselves");

/** Routes hold where there is an Envoy: at gateways. */
export function gatewaysOnly(table: Partial<CapabilityTable>): Partial<CapabilityTable> {
  return Object.fromEntries(
    Object.entries(table).map(([id, support]) => [
      id,
      support.kind === "none"
        ? support
        : { ...support, note: "note" in support ? `${atGateways}; ${support.note}` : atGateways },
    ]),
  );
}

const outside = none(
  "the nodes' proxies let through whatever leaves the mesh",
  "https://istio.io/latest/docs/ambient/usage/networkpolicy/",
  "a NetworkPolicy",
);

/** What holds in ambient mode, with waypoints or without. */
const ambient = {
  "traffic.healthCheck": none(
    "no proxy of Istio's probes endpoints itself",
    docs.ambientL7,
    "a readiness probe of the workload",
  ),
  "traffic.locality.prefer": none(
    "it is said on the Service itself, which is the user's",
    "https://kubernetes.io/docs/concepts/services-networking/service/#traffic-distribution",
    "spec.trafficDistribution of the Service",
  ),
  "traffic.locality.failover": none(
    "waypoints know their own locality, not their callers'",
    docs.waypoint,
    "spec.trafficDistribution of the Service",
  ),
  "traffic.rateLimit.proxy": none(
    "EnvoyFilters have no firm support at waypoints",
    docs.ambientL7,
    "sidecar mode",
  ),
  "egress.deny": outside,
  "egress.external.wildcard": none(
    "the nodes' proxies know no names but whole ones",
    docs.serviceEntry,
    "the names themselves",
  ),
  "workloads.vm": none("virtual machines have no ambient mode", docs.workloadGroup, "sidecar mode"),
} as const satisfies Partial<CapabilityTable>;

export const withoutWaypoints = {
  ...ambient,
  "traffic.outlierDetection": endpoints,
  "traffic.connectionLimits": endpoints,
  "traffic.loadBalancing.roundRobin": endpoints,
  "traffic.loadBalancing.random": endpoints,
  "traffic.loadBalancing.leastRequest": endpoints,
  "traffic.loadBalancing.hash.header": endpoints,
  "traffic.loadBalancing.hash.cookie": endpoints,
  "traffic.loadBalancing.hash.sourceIp": endpoints,
  "retry.budget": endpoints,
  "access.audit": unseen("nothing marks what a policy names"),
  "access.methods": unseen("policies cannot name methods"),
  "access.paths": unseen("policies cannot name paths"),
  "access.jwt": unseen("nobody reads tokens"),
  "access.jwt.claims": unseen("nobody reads tokens"),
  "jwt.remoteKeys": unseen("nobody reads tokens"),
  "jwt.inlineKeys": unseen("nobody reads tokens"),
  externalAuthorization: unseen("nobody can ask about them"),
  "telemetry.tracing": unseen("there are no spans"),
  "telemetry.accessLogs": unseen("only connections are logged, all of them"),
  "telemetry.accessLogs.errors": unseen("only connections are logged, all of them"),
  "telemetry.metrics": unseen("only connections and bytes are counted"),
  "rollout.canary": unseen("no share of them can go to a new version"),
  "rollout.blueGreen": unseen("they cannot be sent to a new version"),
} as const satisfies Partial<CapabilityTable>;

const waypointPolicy = (field: string) =>
  native(`AuthorizationPolicy.spec.targetRefs, ${field}`, docs.ambientL7);

export const withWaypoints = {
  ...ambient,
  "route.tls": standard("TLSRoute.spec.hostnames", docs.ambientL7, "at gateways, not for services"),
  "access.allow": waypointPolicy("action ALLOW"),
  "access.deny": waypointPolicy("action DENY"),
  "access.audit": waypointPolicy("action AUDIT"),
  "access.from.ipBlocks": none(
    "a waypoint does not surely see the address of the caller, which comes to it in a tunnel",
    docs.ambientL7,
    "access.from.service or access.from.namespace",
  ),
} as const satisfies Partial<CapabilityTable>;
