import { dirname, join } from "node:path";
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from "@grpc/proto-loader";
import type { Decoded } from "./types";

// Every kind of message whose inside some check reads. Others stay named but closed.
const FILES = [
  "envoy/service/discovery/v3/ads.proto",
  "envoy/config/listener/v3/listener.proto",
  "envoy/config/route/v3/route.proto",
  "envoy/config/cluster/v3/cluster.proto",
  "envoy/config/endpoint/v3/endpoint.proto",
  "envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto",
  "envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy.proto",
  "envoy/extensions/filters/network/rbac/v3/rbac.proto",
  "envoy/extensions/filters/http/rbac/v3/rbac.proto",
  "envoy/extensions/filters/http/fault/v3/fault.proto",
  "envoy/extensions/filters/http/jwt_authn/v3/config.proto",
  "envoy/extensions/filters/http/router/v3/router.proto",
  "envoy/extensions/transport_sockets/tls/v3/tls.proto",
  "envoy/extensions/upstreams/http/v3/http_protocol_options.proto",
];

let loaded: PackageDefinition | undefined;

/** Envoy's message and service definitions, as gRPC's own xDS client carries them. Loaded at first use. */
export function protos(): PackageDefinition {
  const deps = join(dirname(require.resolve("@grpc/grpc-js-xds/package.json")), "deps");
  const includeDirs = ["envoy-api", "xds", "googleapis", "protoc-gen-validate"].map((name) =>
    join(deps, name),
  );
  loaded ??= loadSync(FILES, { includeDirs, longs: Number, enums: String, bytes: String });
  return loaded;
}

export interface PackedAny {
  readonly type_url: string;
  readonly value?: string;
}

/** Only an `Any` spells its field like this: protobufjs brings that one definition itself. */
function isAny(value: object): value is PackedAny {
  return "type_url" in value && typeof value.type_url === "string";
}

/** A message's own name: what follows the last slash of its type URL. */
export function messageName(typeUrl: string): string {
  return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
}

/**
 * Opens an `Any`, and every `Any` inside it. The result carries its type as `@type`; a type that is not known here
 * is `{"@type": name, "@closed": true}`. Throws if the bytes are not of the type they claim.
 */
export function open(packed: PackedAny): Decoded {
  const name = messageName(packed.type_url);
  const definition = protos()[name] as MessageTypeDefinition<object, object> | undefined;
  if (definition === undefined || typeof definition.deserialize !== "function")
    return { "@type": name, "@closed": true };
  const message = definition.deserialize(Buffer.from(packed.value ?? "", "base64"));
  return { "@type": name, ...(openInside(message) as object) };
}

function openInside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(openInside);
  if (typeof value !== "object" || value === null) return value;
  if (isAny(value)) return open(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, openInside(inner)]));
}
