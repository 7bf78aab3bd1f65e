import type { HashKey, LoadBalancing, RateLimit, ServiceTraffic } from "../intent/types";
import { lacking, trafficWith } from "./places";
import type { Definition } from "./types";

const ENVOY = "https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview";
const BALANCERS = `${ENVOY}/upstream/load_balancing/load_balancers`;

type Part = "healthCheck" | "outlierDetection" | "connectionLimits";

/** A part of `traffic` that is there. */
function part(name: Part): Definition["uses"] {
  return trafficWith({
    path: [name],
    asks: (traffic) => traffic[name] !== undefined,
    without: (traffic) => lacking(traffic, name),
  });
}

function balancing(asks: (way: LoadBalancing) => boolean): Definition["uses"] {
  return trafficWith({
    path: ["loadBalancing"],
    asks: ({ loadBalancing }) => loadBalancing !== undefined && asks(loadBalancing),
    without: (traffic) => lacking(traffic, "loadBalancing"),
  });
}

function hashing(kind: HashKey["kind"]): Definition["uses"] {
  return balancing((way) => way.kind === "consistentHash" && way.by.kind === kind);
}

function limits(asks: (limit: RateLimit) => boolean): Definition["uses"] {
  return trafficWith({
    path: ["rateLimit"],
    asks: ({ rateLimits }) => rateLimits.some(asks),
    without: (traffic) => ({ ...traffic, rateLimits: traffic.rateLimits.filter((limit) => !asks(limit)) }),
  });
}

/** Without `prefer`; where nothing else is said of the locality, without that. */
function nearAndFar({ locality, ...others }: ServiceTraffic): ServiceTraffic {
  if (locality === undefined || locality.failover.length === 0) return others;
  return { ...others, locality: lacking(locality, "prefer") };
}

function withoutFailover({ locality, ...others }: ServiceTraffic): ServiceTraffic {
  return locality?.prefer === undefined ? others : { ...others, locality: { ...locality, failover: [] } };
}

/** How callers treat a service's endpoints. */
export const traffic = {
  "traffic.healthCheck": {
    title: "active health checks",
    definition: "Proxies ask endpoints for a path from time to time and send nothing to those that fail.",
    level: "extended",
    security: false,
    link: `${ENVOY}/upstream/health_checking`,
    uses: part("healthCheck"),
  },
  "traffic.outlierDetection": {
    title: "outlier detection",
    definition: "An endpoint that fails several times in a row gets no requests for a while.",
    level: "core",
    security: false,
    link: `${ENVOY}/upstream/outlier`,
    uses: part("outlierDetection"),
  },
  "traffic.connectionLimits": {
    title: "limits of connections and requests",
    definition: "A caller's proxy opens no more than a number of connections or requests at once.",
    level: "core",
    security: false,
    link: `${ENVOY}/upstream/circuit_breaking`,
    uses: part("connectionLimits"),
  },
  "traffic.loadBalancing.roundRobin": {
    title: "load balancing: round robin",
    definition: "Endpoints get requests in turn.",
    level: "extended",
    security: false,
    link: BALANCERS,
    uses: balancing(({ kind }) => kind === "roundRobin"),
  },
  "traffic.loadBalancing.random": {
    title: "load balancing: random",
    definition: "Each request goes to an endpoint chosen by chance.",
    level: "extended",
    security: false,
    link: BALANCERS,
    uses: balancing(({ kind }) => kind === "random"),
  },
  "traffic.loadBalancing.leastRequest": {
    title: "load balancing: least requests",
    definition: "Of two endpoints chosen by chance, the one with fewer requests under way gets the next.",
    level: "extended",
    security: false,
    link: BALANCERS,
    uses: balancing(({ kind }) => kind === "leastRequest"),
  },
  "traffic.loadBalancing.hash.header": {
    title: "load balancing: by a header",
    definition: "Requests with the same value of a header go to the same endpoint.",
    level: "extended",
    security: false,
    link: BALANCERS,
    uses: hashing("header"),
  },
  "traffic.loadBalancing.hash.cookie": {
    title: "load balancing: by a cookie",
    definition: "Requests with the same value of a cookie go to the same endpoint.",
    level: "extended",
    security: false,
    link: BALANCERS,
    uses: hashing("cookie"),
  },
  "traffic.loadBalancing.hash.sourceIp": {
    title: "load balancing: by the caller's address",
    definition: "Requests from the same address go to the same endpoint.",
    level: "extended",
    security: false,
    link: BALANCERS,
    uses: hashing("sourceIp"),
  },
  "traffic.locality.prefer": {
    title: "near endpoints first",
    definition: "Endpoints in the caller's own zone or region get its requests while they are healthy.",
    level: "extended",
    security: false,
    link: `${ENVOY}/upstream/load_balancing/priority`,
    uses: trafficWith({
      path: ["locality", "prefer"],
      asks: ({ locality }) => locality?.prefer !== undefined,
      without: nearAndFar,
    }),
  },
  "traffic.locality.failover": {
    title: "failover between places",
    definition: "Requests go to a named region, zone or cluster when all endpoints of another fail.",
    level: "extended",
    security: false,
    link: `${ENVOY}/upstream/load_balancing/priority`,
    uses: trafficWith({
      path: ["locality", "failover"],
      asks: ({ locality }) => (locality?.failover.length ?? 0) > 0,
      without: withoutFailover,
    }),
  },
  "traffic.rateLimit.proxy": {
    title: "rate limit per proxy",
    definition: "Each endpoint's own proxy answers 429 to requests beyond a rate.",
    level: "extended",
    security: false,
    link: `${ENVOY}/other_features/local_rate_limiting`,
    uses: limits(({ scope }) => scope === "proxy"),
  },
  "traffic.rateLimit.global": {
    title: "rate limit of a service",
    definition: "Requests beyond a rate, counted for all endpoints together, are answered with 429.",
    level: "extended",
    security: false,
    link: `${ENVOY}/other_features/global_rate_limiting`,
    uses: limits(({ scope }) => scope === "global"),
  },
  "traffic.rateLimit.bySource": {
    title: "rate limit per caller",
    definition: "Requests beyond a rate are counted for each calling identity apart.",
    level: "extended",
    security: false,
    link: `${ENVOY}/other_features/global_rate_limiting`,
    uses: limits(({ by }) => by === "source"),
  },
} as const satisfies { readonly [id: string]: Definition };
