import { dirname, join } from "node:path";
import type { MethodDefinition } from "@grpc/grpc-js";
import { loadSync, type ServiceDefinition } from "@grpc/proto-loader";

/** A resource as it travels: its bytes are nobody's business here. */
export interface Packed {
  readonly type_url: string;
  readonly value: Buffer;
}

/** Everything that one proxy is told, by type URL. */
export type Snapshot = ReadonlyMap<string, readonly Packed[]>;

export interface DiscoveryRequest {
  readonly node?: { readonly id?: string; readonly metadata?: object };
  readonly typeUrl: string;
  readonly resourceNames?: readonly string[];
  readonly versionInfo?: string;
  readonly responseNonce?: string;
  readonly errorDetail?: { readonly message?: string };
}

export interface DiscoveryResponse {
  readonly typeUrl: string;
  readonly versionInfo?: string;
  readonly nonce?: string;
  readonly resources?: readonly Packed[];
}

const TYPE = "type.googleapis.com/envoy";
export const CLUSTERS = `${TYPE}.config.cluster.v3.Cluster`;
export const ENDPOINTS = `${TYPE}.config.endpoint.v3.ClusterLoadAssignment`;
export const LISTENERS = `${TYPE}.config.listener.v3.Listener`;
export const ROUTES = `${TYPE}.config.route.v3.RouteConfiguration`;
export const SECRETS = `${TYPE}.extensions.transport_sockets.tls.v3.Secret`;

function load() {
  const deps = join(dirname(require.resolve("@grpc/grpc-js-xds/package.json")), "deps");
  const includeDirs = ["envoy-api", "xds", "googleapis", "protoc-gen-validate"].map((n) => join(deps, n));
  const files = ["envoy/service/discovery/v3/ads.proto", "envoy/service/secret/v3/sds.proto"];
  return loadSync(files, { includeDirs, longs: Number, enums: String });
}

const loaded = load();

export const discovery = loaded["envoy.service.discovery.v3.AggregatedDiscoveryService"] as ServiceDefinition;
export const secrets = loaded["envoy.service.secret.v3.SecretDiscoveryService"] as ServiceDefinition;
export const aggregated = discovery["StreamAggregatedResources"] as MethodDefinition<
  DiscoveryRequest,
  DiscoveryResponse
>;
