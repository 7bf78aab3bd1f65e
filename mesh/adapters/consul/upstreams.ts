import { canonicalText, formatDuration, groupBy, present, type JsonObject } from "../../../lib";
import type { ConnectionLimits, OutlierDetection, Service } from "../../intent/types";
import { consulName } from "./names";
import type { Site } from "./site";
import { accessByService, callersOf } from "./security/callers";

/** How the proxies beside services treat those that they call. */
export interface Upstreams {
  /** What holds for whatever they call. */
  readonly common?: JsonObject;
  /** What holds for one that they call besides, by caller. */
  readonly overrides: ReadonlyMap<string, readonly JsonObject[]>;
}

/**
 * Consul keeps with the caller how a service is treated, so that what the intent says of a service goes to everyone who
 * may call it. What it says of all services alike is said once for each caller: else a mesh in which everybody may call
 * everybody would have an entry for each pair.
 */
export function upstreamsOf(site: Site): Upstreams {
  const { services } = site.intent;
  const treated = services.flatMap((service) => {
    const treatment = treatmentOf(service);
    return treatment === undefined ? [] : [{ service, treatment }];
  });
  const [first] = treated;
  const texts = new Set(treated.map(({ treatment }) => canonicalText(treatment)));
  if (first !== undefined && texts.size === 1 && treated.length === services.length)
    return { common: first.treatment, overrides: new Map() };
  const access = accessByService(site.intent);
  const pairs = treated.flatMap(({ service, treatment }) => {
    const override: JsonObject = { name: consulName(service), ...treatment };
    const callers = callersOf(service, access.get(service.key) ?? [], site);
    return callers.map((caller) => ({ caller: caller.key, override }));
  });
  const byCaller = groupBy(pairs, (p) => p.caller);
  return {
    overrides: new Map([...byCaller].map(([caller, own]) => [caller, own.map((p) => p.override)])),
  };
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
