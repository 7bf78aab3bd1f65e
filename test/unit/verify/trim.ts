import type { ProxyConfig } from "../../../verify/xds/types";

/** What no check reads, and what would make a fixture long. */
const NOISE = new Set([
  ...["accessLog", "tracing", "timeout", "retryPolicy", "maxStreamDuration", "maxGrpcTimeout", "decorator"],
  ...[
    "circuitBreakers",
    "commonLbConfig",
    "altStatName",
    "connectTimeout",
    "lbPolicy",
    "edsConfig",
    "sdsConfig",
  ],
  ...["tlsParams", "sni", "listenerFilters", "listenerFiltersTimeout", "continueOnListenerFiltersTimeout"],
  ...[
    "upgradeConfigs",
    "requestIdExtension",
    "httpProtocolOptions",
    "setCurrentClientCertDetails",
    "normalizePath",
  ],
  ...[
    "forwardClientCertDetails",
    "pathWithEscapedSlashesAction",
    "streamIdleTimeout",
    "statPrefix",
    "useRemoteAddress",
  ],
  ...[
    "proxy_100Continue",
    "serverName",
    "validateClusters",
    "maxDirectResponseBodySizeBytes",
    "ignorePortInHostMatching",
  ],
  ...[
    "configSource",
    "shadowRulesStatPrefix",
    "locality",
    "loadBalancingWeight",
    "healthStatus",
    "filterEnabled",
  ],
  ...["includeRequestAttemptCount", "maxConnectionsToAcceptPerSocketEvent", "transportSocketConnectTimeout"],
  ...[
    "typedExtensionProtocolOptions",
    "caseSensitive",
    "services",
    "workload",
    "cleanupInterval",
    "connectionBalanceConfig",
  ],
]);

function quiet(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(quiet);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !NOISE.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, quiet(inner)]));
}

/** The part of a real configuration that is about the sample. */
export function trim(proxy: ProxyConfig): ProxyConfig {
  const ours = (name = "") => name.includes(".bookinfo.svc.");
  return quiet({
    ...proxy,
    clusters: proxy.clusters.filter((cluster) => ours(cluster.name)),
    endpoints: proxy.endpoints.filter((assignment) => ours(assignment.clusterName)),
    listeners: proxy.listeners.filter(
      (listener) => proxy.role === "router" || listener.name === "virtualInbound",
    ),
    routes: proxy.routes
      .map((config) => ({
        ...config,
        virtualHosts: (config.virtualHosts ?? []).filter(
          (host) => proxy.role === "router" || ours(host.name),
        ),
      }))
      .filter((config) => config.virtualHosts.length > 0),
  }) as ProxyConfig;
}
