import type {
  Extension,
  FilterChain,
  HttpConnectionManager,
  Listener,
  ProxyConfig,
  TlsContext,
} from "../xds/types";

const HCM = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
const TCP_PROXY = "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";
const DOWNSTREAM_TLS = "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext";
const BLACK_HOLE = "BlackHoleCluster";

/** Envoy's own port for redirected inbound traffic; Istio names the listener. */
const INBOUND_LISTENER = "virtualInbound";

/** Every listener of a sidecar that takes traffic from outside the pod. */
export function inboundListeners(proxy: ProxyConfig): Listener[] {
  return proxy.listeners.filter((l) => l.name === INBOUND_LISTENER || l.trafficDirection === "INBOUND");
}

export function chainsOf(listener: Listener): FilterChain[] {
  return [
    ...(listener.filterChains ?? []),
    ...(listener.defaultFilterChain ? [listener.defaultFilterChain] : []),
  ];
}

/** The TLS settings for those who connect; undefined if the chain takes plaintext. */
export function downstreamTls(chain: FilterChain): TlsContext | undefined {
  const config = chain.transportSocket?.typedConfig;
  return config?.["@type"] === DOWNSTREAM_TLS ? (config as TlsContext) : undefined;
}

export function connectionManager(chain: FilterChain): HttpConnectionManager | undefined {
  const found = (chain.filters ?? []).find((filter) => filter.typedConfig?.["@type"] === HCM);
  return found?.typedConfig as HttpConnectionManager | undefined;
}

/** The filters that decide about a request: those of HTTP if the chain speaks it, else those of the connection. */
export function decidingFilters(chain: FilterChain): readonly Extension[] {
  return [...(chain.filters ?? []), ...(connectionManager(chain)?.httpFilters ?? [])];
}

/** The chain leads nowhere: whatever it takes is dropped. Istio has one against loops through the proxy's own port. */
export function isBlackHole(chain: FilterChain): boolean {
  const proxied = (chain.filters ?? []).filter((filter) => filter.typedConfig?.["@type"] === TCP_PROXY);
  return (
    connectionManager(chain) === undefined &&
    proxied.every((filter) => filter.typedConfig?.["cluster"] === BLACK_HOLE)
  );
}

export function portOf(chain: FilterChain): number | undefined {
  return chain.filterChainMatch?.destinationPort?.value;
}
