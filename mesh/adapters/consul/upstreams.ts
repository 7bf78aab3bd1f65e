import { formatDuration, groupBy, present, type JsonObject } from "../../../lib";
import type { ConnectionLimits, OutlierDetection, Service } from "../../intent/types";
import { consulName } from "./names";
import type { Site } from "./site";
import { accessByService, callersOf } from "./security/callers";

/**
 * How each caller treats the services that it may call. Consul keeps this with the caller, so that what the intent says
 * of a service goes to everyone who may call it.
 */
export function upstreamOverrides(site: Site): ReadonlyMap<string, readonly JsonObject[]> {
  const access = accessByService(site.intent);
  const pairs = site.intent.services.flatMap((service) => {
    const treatment = treatmentOf(service);
    if (treatment === undefined) return [];
    const override: JsonObject = { name: consulName(service), ...treatment };
    const callers = callersOf(service, access.get(service.key) ?? [], site);
    return callers.map((caller) => ({ caller: caller.key, override }));
  });
  const byCaller = groupBy(pairs, (p) => p.caller);
  return new Map([...byCaller].map(([caller, own]) => [caller, own.map((p) => p.override)]));
}

/** What callers do about a service's endpoints; nothing where the intent leaves it to Consul. */
export function treatmentOf({ traffic }: Service): JsonObject | undefined {
  const { outlierDetection, connectionLimits } = traffic;
  if (outlierDetection === undefined && connectionLimits === undefined) return undefined;
  return {
    ...(outlierDetection === undefined ? {} : { passiveHealthCheck: healthCheck(outlierDetection) }),
    ...(connectionLimits === undefined ? {} : { limits: limits(connectionLimits) }),
  };
}

function healthCheck(detection: OutlierDetection): JsonObject {
  return {
    maxFailures: detection.consecutive5xx,
    enforcingConsecutive5xx: 100,
    interval: formatDuration(detection.intervalMs),
    baseEjectionTime: formatDuration(detection.baseEjectionTimeMs),
    maxEjectionPercent: detection.maxEjectionPercent,
  };
}

function limits({ maxConnections, maxPendingRequests, maxRequests }: ConnectionLimits): JsonObject {
  return present({ maxConnections, maxPendingRequests, maxConcurrentRequests: maxRequests });
}
