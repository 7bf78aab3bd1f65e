import type { CapabilityId } from "../../../mesh/capability/ids";
import { CALLER, MAIN, OTHER, PROBE, type Draft, type WrittenService } from "./draft";

type Traffic = NonNullable<WrittenService["traffic"]>;

const BALANCING: { readonly [id in CapabilityId]?: NonNullable<Traffic["loadBalancing"]> } = {
  "traffic.loadBalancing.roundRobin": { kind: "roundRobin" },
  "traffic.loadBalancing.random": { kind: "random" },
  "traffic.loadBalancing.leastRequest": { kind: "leastRequest" },
  "traffic.loadBalancing.hash.header": { kind: "consistentHash", header: "End-User" },
  "traffic.loadBalancing.hash.cookie": { kind: "consistentHash", cookie: "session" },
  "traffic.loadBalancing.hash.sourceIp": { kind: "consistentHash", sourceIp: true },
};

/** How callers treat services: all of it on the main one, but for what a service can have only one of. */
export function addTraffic(draft: Draft): void {
  const { intent } = draft;
  const main = intent.services[MAIN];
  const traffic = mainTraffic(draft);
  if (main !== undefined && Object.keys(traffic).length > 0) main.traffic = traffic;
  addBalancing(draft);
}

function mainTraffic({ dice, wants }: Draft): Traffic {
  const failover = wants("traffic.locality.failover")
    ? { failover: [{ from: "eu-west-1", to: "eu-central-1" }] }
    : {};
  const prefer = wants("traffic.locality.prefer") ? { prefer: dice.pick(["zone", "region"] as const) } : {};
  const locality = { ...prefer, ...failover };
  const by = wants("traffic.rateLimit.bySource") ? { by: "source" as const } : {};
  // So many that no request of a test is one too many.
  const limit = { requests: 100_000, per: dice.pick(["1s", "1m"]), ...by };
  const rateLimit = [
    ...(wants("traffic.rateLimit.proxy")
      ? [{ ...limit, ...(dice.chance(0.5) ? { scope: "proxy" as const } : {}) }]
      : []),
    ...(wants("traffic.rateLimit.global") ? [{ ...limit, scope: "global" as const }] : []),
  ];
  return {
    ...(wants("traffic.healthCheck")
      ? { healthCheck: { path: "/healthz", interval: dice.pick(["5s", "10s"]) } }
      : {}),
    ...(wants("traffic.outlierDetection")
      ? { outlierDetection: { consecutive5xx: dice.int(3, 9), interval: "10s", maxEjectionPercent: 50 } }
      : {}),
    ...(wants("traffic.connectionLimits")
      ? {
          connectionLimits: {
            maxConnections: 1000,
            maxRequests: 2000,
            ...(dice.chance(0.5) ? { maxPendingRequests: 500 } : {}),
          },
        }
      : {}),
    ...(Object.keys(locality).length === 0 ? {} : { locality }),
    ...(rateLimit.length === 0 ? {} : { rateLimit }),
  };
}

/** Each kind on a service of its own, the first on the main one. */
function addBalancing({ dice, intent, wants }: Draft): void {
  const kinds = dice.shuffled(Object.keys(BALANCING) as CapabilityId[]).filter(wants);
  const places = [MAIN, OTHER, CALLER, PROBE];
  kinds.forEach((id, i) => {
    const key = places[i] ?? `extra/balanced-${i}`;
    const service = (intent.services[key] ??= {
      serviceAccount: key.split("/")[1] ?? key,
      ports: [{ port: 80 }],
    });
    const loadBalancing = BALANCING[id];
    if (loadBalancing !== undefined) service.traffic = { ...service.traffic, loadBalancing };
  });
}
