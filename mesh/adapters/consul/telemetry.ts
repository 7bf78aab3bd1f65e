import type { JsonObject } from "../../../lib";
import type { NormalizedIntent } from "../../intent/types";

const COLLECTOR = "meshwright_otlp";
const HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
const TYPE = "type.googleapis.com";

/** Access logs of every proxy; nothing where the intent leaves them to Consul. */
export function accessLogs({ telemetry }: NormalizedIntent): JsonObject {
  const { accessLogs: which } = telemetry ?? {};
  if (which === undefined) return {};
  return { accessLogs: which === "off" ? { enabled: false } : { enabled: true, type: "stdout" } };
}

/** Proxy settings by which spans of some requests go to a collector: Envoy's own configuration, as text. */
export function tracing({ telemetry }: NormalizedIntent): JsonObject {
  const { samplingPercent, endpoint } = telemetry?.tracing ?? {};
  if (samplingPercent === undefined || endpoint === undefined) return {};
  return {
    envoy_extra_static_clusters_json: JSON.stringify(collector(endpoint)),
    envoy_listener_tracing_json: JSON.stringify({
      "@type": `${TYPE}/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing`,
      provider: {
        name: "envoy.tracers.opentelemetry",
        typed_config: {
          "@type": `${TYPE}/envoy.config.trace.v3.OpenTelemetryConfig`,
          grpc_service: { envoy_grpc: { cluster_name: COLLECTOR }, timeout: "1s" },
          service_name: "consul-mesh",
        },
      },
      random_sampling: { value: samplingPercent },
    }),
  };
}

function collector(endpoint: string): JsonObject {
  const colon = endpoint.lastIndexOf(":");
  const address = endpoint.slice(0, colon);
  const port = Number(endpoint.slice(colon + 1));
  return {
    name: COLLECTOR,
    type: "STRICT_DNS",
    connect_timeout: "5s",
    // OTLP is gRPC, and so HTTP/2.
    typed_extension_protocol_options: {
      [HTTP_OPTIONS]: {
        "@type": `${TYPE}/${HTTP_OPTIONS}`,
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    load_assignment: {
      cluster_name: COLLECTOR,
      endpoints: [
        { lb_endpoints: [{ endpoint: { address: { socket_address: { address, port_value: port } } } }] },
      ],
    },
  };
}
