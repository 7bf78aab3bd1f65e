import { native, none } from "../../../capability/support";
import type { CapabilityTable } from "../../../capability/types";
import { docs } from "./docs";

const balanced = none(
  "Linkerd's proxies always choose by the latency that they see (EWMA)",
  docs.loadBalancing,
  "no traffic.loadBalancing",
);
const noHash = none(
  "Linkerd's proxies always choose by the latency that they see (EWMA), never by the request",
  docs.loadBalancing,
  "state that all endpoints share",
);

/** How callers treat the endpoints of a service. */
export const endpointTraffic = {
  "traffic.healthCheck": none(
    "Linkerd's proxies probe no endpoints themselves: they take readiness from Kubernetes",
    docs.loadBalancing,
    "a readiness probe of the workload, and traffic.outlierDetection",
  ),
  "traffic.outlierDetection": native(
    "Service annotation balancer.linkerd.io/failure-accrual",
    docs.circuitBreaking,
    "failures are counted without an interval, and all endpoints may be taken out",
  ),
  "traffic.connectionLimits": none(
    "Linkerd limits neither connections nor requests at once",
    docs.circuitBreaking,
    "traffic.rateLimit.proxy",
  ),
  "traffic.loadBalancing.roundRobin": balanced,
  "traffic.loadBalancing.random": balanced,
  "traffic.loadBalancing.leastRequest": balanced,
  "traffic.loadBalancing.hash.header": noHash,
  "traffic.loadBalancing.hash.cookie": noHash,
  "traffic.loadBalancing.hash.sourceIp": noHash,
  "traffic.locality.prefer": native(
    "Service annotation service.kubernetes.io/topology-mode",
    docs.topology,
    "zones only; Kubernetes gives no hints where a zone has too few endpoints",
  ),
  "traffic.locality.failover": none(
    "Linkerd has no order of regions or zones to fail over to",
    docs.topology,
    "backend.split over a service in the other place",
  ),
  "traffic.rateLimit.proxy": native("HTTPLocalRateLimitPolicy.spec.total", docs.rateLimit, "per second"),
  "traffic.rateLimit.global": none(
    "each of Linkerd's proxies counts for itself",
    docs.rateLimit,
    "traffic.rateLimit.proxy",
  ),
  "traffic.rateLimit.bySource": native(
    "HTTPLocalRateLimitPolicy.spec.identity",
    docs.rateLimit,
    "per second, in each proxy",
  ),
} as const satisfies Partial<CapabilityTable>;
