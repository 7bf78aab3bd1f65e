import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const dr = (field: string, note?: string) =>
  native(`DestinationRule.spec.trafficPolicy.${field}`, docs.destinationRule, note);

/** What DestinationRules say of a service's endpoints. */
export const destinationRuleTraffic = {
  "traffic.healthCheck": none(
    "Istio's proxies probe no endpoints themselves: they take readiness from Kubernetes",
    docs.destinationRule,
    "a readiness probe of the workload, and traffic.outlierDetection",
  ),
  "traffic.outlierDetection": dr("outlierDetection"),
  "traffic.connectionLimits": dr("connectionPool"),
  "traffic.loadBalancing.roundRobin": dr("loadBalancer.simple"),
  "traffic.loadBalancing.random": dr("loadBalancer.simple"),
  "traffic.loadBalancing.leastRequest": dr("loadBalancer.simple"),
  "traffic.loadBalancing.hash.header": dr("loadBalancer.consistentHash.httpHeaderName"),
  "traffic.loadBalancing.hash.cookie": dr("loadBalancer.consistentHash.httpCookie"),
  "traffic.loadBalancing.hash.sourceIp": dr("loadBalancer.consistentHash.useSourceIp"),
  "traffic.locality.prefer": dr("loadBalancer.localityLbSetting"),
  "traffic.locality.failover": dr("loadBalancer.localityLbSetting.failover", "from region to region"),
  "traffic.rateLimit.proxy": native("EnvoyFilter, envoy.filters.http.local_ratelimit", docs.rateLimit),
  "traffic.rateLimit.global": none(
    "counting for all endpoints together needs a rate limit service, which Istio does not bring",
    docs.rateLimit,
    "traffic.rateLimit.proxy",
  ),
  "traffic.rateLimit.bySource": none(
    "the proxies' own limiter counts by descriptors that are listed beforehand, not by whoever calls",
    docs.rateLimit,
    "a limit for all callers together",
  ),
} as const satisfies Partial<CapabilityTable>;
