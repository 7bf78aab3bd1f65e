import type { JsonObject } from "../../../../lib";
import { RELAY_PORT } from "../addresses";

/** What pilot-agent sets for every sidecar, as far as stock Envoy knows it. */
const RUNTIME = {
  "overload.global_downstream_max_connections": "2147483647",
  "re2.max_program_size.error_level": "32768",
  "envoy.reloadable_features.http_reject_path_with_fragment": false,
};

/** An Envoy that is told everything by the relay, and calls from its pod's address. */
export function bootstrap(node: string, { admin, source }: { admin: number; source: string }): JsonObject {
  return {
    node: { id: node, cluster: "lab" },
    layered_runtime: { layers: [{ name: "global", static_layer: RUNTIME }] },
    bootstrap_extensions: [
      {
        name: "envoy.bootstrap.internal_listener",
        typed_config: {
          "@type": "type.googleapis.com/envoy.extensions.bootstrap.internal_listener.v3.InternalListener",
        },
      },
    ],
    admin: { address: address("127.0.0.1", admin) },
    cluster_manager: { upstream_bind_config: { source_address: { address: source, port_value: 0 } } },
    dynamic_resources: {
      lds_config: { ads: {}, resource_api_version: "V3", initial_fetch_timeout: "0s" },
      cds_config: { ads: {}, resource_api_version: "V3", initial_fetch_timeout: "0s" },
      ads_config: {
        api_type: "GRPC",
        transport_api_version: "V3",
        set_node_on_first_message_only: true,
        grpc_services: [{ envoy_grpc: { cluster_name: "xds-grpc" } }],
      },
    },
    // The names by which what istiod says refers to the agent beside a sidecar.
    static_resources: { clusters: [relay("xds-grpc"), relay("sds-grpc")] },
  };
}

function address(host: string, port: number): JsonObject {
  return { socket_address: { address: host, port_value: port } };
}

function relay(name: string): JsonObject {
  return {
    name,
    type: "STATIC",
    connect_timeout: "5s",
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
        "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address("127.0.0.1", RELAY_PORT) } }] }],
    },
  };
}
