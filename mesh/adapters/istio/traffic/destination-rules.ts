import { formatDuration, type JsonObject } from "../../../../lib";
import { usedVersions, versionServiceName } from "../../../gateway-api";
import type { Locality, NormalizedIntent, RequestRule, Service } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { hostOf } from "../names";
import { isStrict } from "../security/mtls";
import { networking } from "./objects";

/** How callers treat each service's endpoints: versions, mTLS, limits, load balancing. */
export function destinationRules(intent: NormalizedIntent): KubeObject[] {
  const budgets = retryBudgets(intent);
  return intent.services.flatMap((service) => {
    const policy = trafficPolicy(service, { intent, budget: budgets.get(service.key)?.[0]?.percent });
    return destinationRule(service, { name: service.name, policy, subsets: service.versions });
  });
}

/**
 * The same where each version that routes name is a Service of its own. Ambient mode's tunnels are mTLS already, and a
 * second layer within them is understood by nobody.
 */
export function destinationRulesByService(
  intent: NormalizedIntent,
  { tunnels }: { readonly tunnels: boolean },
): KubeObject[] {
  const budgets = retryBudgets(intent);
  const used = usedVersions(intent);
  return intent.services.flatMap((service) => {
    const { tls, ...policy } = trafficPolicy(service, {
      intent,
      budget: budgets.get(service.key)?.[0]?.percent,
    });
    const versions = service.versions.filter((v) => used.has(`${service.key} ${v.name}`));
    const names = [service.name, ...versions.map((v) => versionServiceName(service, v.name))];
    const whole: JsonObject = tunnels || tls === undefined ? policy : { ...policy, tls };
    return names.flatMap((name) => destinationRule(service, { name, policy: whole, subsets: [] }));
  });
}

function destinationRule(
  { namespace }: Service,
  { name, policy, subsets }: { name: string; policy: JsonObject; subsets: Service["versions"] },
): KubeObject[] {
  if (Object.keys(policy).length + subsets.length === 0) return [];
  const spec: JsonObject = {
    host: hostOf({ name, namespace }),
    ...(Object.keys(policy).length === 0 ? {} : { trafficPolicy: policy }),
    ...(subsets.length === 0 ? {} : { subsets: subsets.map((v) => ({ name: v.name, labels: v.labels })) }),
  };
  return [networking("DestinationRule", { name, namespace, spec })];
}

/** `DestinationRule.spec.trafficPolicy`; empty where the intent says nothing. */
export function trafficPolicy(
  service: Service,
  { intent, budget }: { intent: NormalizedIntent; budget: number | undefined },
): JsonObject {
  const { connectionLimits, outlierDetection, locality } = service.traffic;
  const balancing = loadBalancer(service);
  return {
    // Where the service is strict, its clients never fall back to plaintext.
    ...(isStrict(service, intent) ? { tls: { mode: "ISTIO_MUTUAL" } } : {}),
    ...(connectionLimits === undefined ? {} : { connectionPool: connectionPool(connectionLimits) }),
    ...(Object.keys(balancing).length === 0 ? {} : { loadBalancer: balancing }),
    ...(outlierDetection === undefined
      ? locality === undefined
        ? {}
        : // Istio prefers no locality without outlier detection; this one ejects nobody.
          { outlierDetection: { consecutive5xxErrors: 0 } }
      : {
          outlierDetection: {
            consecutive5xxErrors: outlierDetection.consecutive5xx,
            interval: formatDuration(outlierDetection.intervalMs),
            baseEjectionTime: formatDuration(outlierDetection.baseEjectionTimeMs),
            maxEjectionPercent: outlierDetection.maxEjectionPercent,
          },
        }),
    ...(budget === undefined ? {} : { retryBudget: { percent: budget } }),
  };
}

function connectionPool(limits: NonNullable<Service["traffic"]["connectionLimits"]>): JsonObject {
  const { maxConnections, maxPendingRequests, maxRequests } = limits;
  const http = {
    ...(maxPendingRequests === undefined ? {} : { http1MaxPendingRequests: maxPendingRequests }),
    // Of all requests, whatever their protocol.
    ...(maxRequests === undefined ? {} : { http2MaxRequests: maxRequests }),
  };
  return {
    ...(maxConnections === undefined ? {} : { tcp: { maxConnections } }),
    ...(Object.keys(http).length === 0 ? {} : { http }),
  };
}

const SIMPLE = { roundRobin: "ROUND_ROBIN", random: "RANDOM", leastRequest: "LEAST_REQUEST" } as const;

function loadBalancer({ traffic }: Service): JsonObject {
  const { loadBalancing, locality, outlierDetection } = traffic;
  return {
    ...(loadBalancing === undefined
      ? {}
      : loadBalancing.kind === "consistentHash"
        ? { consistentHash: hashOf(loadBalancing.by) }
        : { simple: SIMPLE[loadBalancing.kind] }),
    ...(locality === undefined
      ? // With outlier detection Istio would prefer the caller's locality unasked.
        outlierDetection === undefined
        ? {}
        : { localityLbSetting: { enabled: false } }
      : { localityLbSetting: localityOf(locality) }),
  };
}

type HashKey = Extract<Service["traffic"]["loadBalancing"], { kind: "consistentHash" }>["by"];

function hashOf(by: HashKey): JsonObject {
  switch (by.kind) {
    case "header":
      return { httpHeaderName: by.name };
    case "cookie":
      return { httpCookie: { name: by.name } };
    case "sourceIp":
      return { useSourceIp: true };
  }
}

/** Istio's own order is zone before region before the rest; `failover` says which region comes next. */
function localityOf({ prefer, failover }: Locality): JsonObject {
  return {
    enabled: true,
    ...(prefer === "region" ? { failoverPriority: ["topology.kubernetes.io/region"] } : {}),
    ...(failover.length === 0 ? {} : { failover: failover.map(({ from, to }) => ({ from, to })) }),
  };
}

/** For each service the budgets of the rules that retry it, each once; a rule without a budget counts as `undefined`. */
export function retryBudgets({
  routes,
}: NormalizedIntent): ReadonlyMap<
  string,
  readonly { readonly percent: number | undefined; readonly rule: RequestRule }[]
> {
  const all = new Map<string, { percent: number | undefined; rule: RequestRule }[]>();
  for (const route of routes) {
    if (route.kind !== "http" && route.kind !== "grpc") continue;
    for (const rule of route.rules) {
      if (rule.retry === undefined) continue;
      const percent = rule.retry.budgetPercent;
      for (const { service } of rule.backends) {
        const known = all.get(service) ?? [];
        if (!known.some((k) => k.percent === percent)) all.set(service, [...known, { percent, rule }]);
      }
    }
  }
  return all;
}
