import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const upstream = (field: string, note?: string) =>
  native(`ServiceDefaults.spec.upstreamConfig.overrides[].${field}`, docs.serviceDefaults, note);
const balancer = (field: string, note?: string) =>
  native(`ServiceResolver.spec.loadBalancer.${field}`, docs.serviceResolver, note);
const hash = (note: string) => balancer("hashPolicies[]", note);
const noLimit = (nearest: string) =>
  none("limiting the rate of a service's requests needs Consul Enterprise", docs.rateLimit, nearest);

/** What Consul's callers do about a service's endpoints. */
export const traffic = {
  "traffic.healthCheck": none(
    "Consul's proxies probe no endpoints: its catalog knows their health, which for pods is their readiness",
    docs.envoy,
    "a readiness probe of the workload, and traffic.outlierDetection",
  ),
  "traffic.outlierDetection": upstream(
    "passiveHealthCheck",
    "kept with every caller that access lets in; gateways do what Envoy does by default",
  ),
  "traffic.connectionLimits": upstream(
    "limits",
    "kept with every caller that access lets in, not with gateways",
  ),
  "traffic.loadBalancing.roundRobin": balancer("policy"),
  "traffic.loadBalancing.random": balancer("policy"),
  "traffic.loadBalancing.leastRequest": balancer("policy"),
  "traffic.loadBalancing.hash.header": hash("of requests"),
  "traffic.loadBalancing.hash.cookie": hash("of requests; a caller without the cookie is given one"),
  "traffic.loadBalancing.hash.sourceIp": hash("of requests"),
  "traffic.locality.prefer": none(
    "preferring endpoints of the caller's locality needs Consul Enterprise",
    docs.serviceResolver,
    "traffic.locality.failover from one datacenter to another",
  ),
  "traffic.locality.failover": native(
    "ServiceResolver.spec.failover",
    docs.serviceResolver,
    "from this datacenter, which the option names, to another of the same federation",
  ),
  "traffic.rateLimit.proxy": noLimit("traffic.connectionLimits.maxRequests, which bounds requests at once"),
  "traffic.rateLimit.global": noLimit("traffic.connectionLimits.maxRequests, which bounds requests at once"),
  "traffic.rateLimit.bySource": noLimit(
    "traffic.connectionLimits, which each calling proxy counts for itself",
  ),
} as const satisfies Partial<CapabilityTable>;
