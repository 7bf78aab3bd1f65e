import { Client, credentials, Metadata, type ClientDuplexStream, type MethodDefinition } from "@grpc/grpc-js";
import type { ServiceDefinition } from "@grpc/proto-loader";
import type { Json, JsonObject } from "../../lib";
import type { ProxyIdentity } from "./identity";
import { messageName, open, protos, type PackedAny } from "./protos";
import type {
  Cluster,
  Decoded,
  HttpConnectionManager,
  Listener,
  LoadAssignment,
  ProxyConfig,
  RouteConfiguration,
} from "./types";

/** Where and how istiod is asked. */
export interface XdsServer {
  /** `host:port` of its TLS port as reached from here. */
  readonly address: string;
  /** The name its certificate must carry: `istiod.istio-system.svc`. */
  readonly serverName: string;
  /** The mesh's root certificate, PEM. */
  readonly rootCertificate: string;
}

/** istiod could not be asked, or did not answer. The message says for whom, where, and what was awaited. */
export class XdsError extends Error {
  override readonly name = "XdsError";
}

const TYPE = "type.googleapis.com/";
const CLUSTERS = `${TYPE}envoy.config.cluster.v3.Cluster`;
const LISTENERS = `${TYPE}envoy.config.listener.v3.Listener`;
const ENDPOINTS = `${TYPE}envoy.config.endpoint.v3.ClusterLoadAssignment`;
const ROUTES = `${TYPE}envoy.config.route.v3.RouteConfiguration`;
const INVALID_ARGUMENT = 3;

interface Request {
  readonly node: object;
  readonly typeUrl: string;
  readonly resourceNames: readonly string[];
  readonly versionInfo?: string;
  readonly responseNonce?: string;
  readonly errorDetail?: { readonly code: number; readonly message: string };
}
interface Response {
  readonly typeUrl: string;
  readonly versionInfo?: string;
  readonly nonce?: string;
  readonly resources?: readonly PackedAny[];
}

/**
 * Asks istiod for all that it tells one proxy: clusters and listeners, then the endpoints and routes that they name.
 * What can be read is acknowledged; an answer that cannot is refused (NACK) and listed in `refused`.
 * Throws XdsError when istiod cannot be reached, refuses the token, or leaves a question open for `timeoutMs`.
 */
export async function fetchProxyConfig(
  server: XdsServer,
  as: { readonly identity: ProxyIdentity; readonly token: string },
  timeoutMs = 15_000,
): Promise<ProxyConfig> {
  const client = new Client(server.address, credentials.createSsl(Buffer.from(server.rootCertificate)), {
    "grpc.ssl_target_name_override": server.serverName,
    "grpc.default_authority": server.serverName,
    "grpc.max_receive_message_length": 64 * 1024 * 1024,
  });
  const session = new Session(openStream(client, as.token, timeoutMs), as.identity);
  try {
    return await session.run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const { namespace, pod } = as.identity;
    throw new XdsError(
      `istiod at ${server.address}, asked as ${namespace}/${pod}: ${reason}; ${session.open()}`,
    );
  } finally {
    session.end();
    client.close();
  }
}

function openStream(client: Client, token: string, timeoutMs: number): ClientDuplexStream<Request, Response> {
  const service = protos()["envoy.service.discovery.v3.AggregatedDiscoveryService"] as ServiceDefinition;
  const method = service["StreamAggregatedResources"] as MethodDefinition<Request, Response>;
  const metadata = new Metadata();
  metadata.set("authorization", `Bearer ${token}`);
  return client.makeBidiStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    metadata,
    {
      deadline: Date.now() + timeoutMs,
    },
  );
}

/** One conversation. Its state is what has been asked and what has been answered, by type. */
class Session {
  private readonly asked = new Map<string, readonly string[]>();
  private readonly answered = new Map<string, readonly Decoded[]>();
  private readonly versions = new Map<string, string>();
  private readonly refused: { type: string; reason: string }[] = [];
  private readonly node: object;

  constructor(
    private readonly stream: ClientDuplexStream<Request, Response>,
    private readonly identity: ProxyIdentity,
  ) {
    this.node = { id: identity.nodeId, metadata: toStruct(identity.metadata) };
  }

  run(): Promise<ProxyConfig> {
    return new Promise((resolve, reject) => {
      this.stream.on("error", reject);
      this.stream.on("end", () => reject(new Error("it closed the stream")));
      this.stream.on("data", (response: Response) => {
        this.take(response);
        if (this.complete()) resolve(this.result());
      });
      this.ask(CLUSTERS, []);
      this.ask(LISTENERS, []);
    });
  }

  /** What is still to be answered, for a message. */
  open(): string {
    const missing = [...this.asked.keys()].filter((type) => !this.answered.has(type)).map(messageName);
    return missing.length > 0 ? `unanswered: ${missing.join(", ")}` : "all questions were answered";
  }

  end(): void {
    this.stream.removeAllListeners();
    // Cancelling makes the stream emit an error that nobody waits for any more.
    this.stream.on("error", () => undefined);
    this.stream.cancel();
  }

  private ask(typeUrl: string, resourceNames: readonly string[]): void {
    this.asked.set(typeUrl, resourceNames);
    this.stream.write({ node: this.node, typeUrl, resourceNames });
  }

  private take(response: Response): void {
    const { typeUrl, nonce = "" } = response;
    const resourceNames = this.asked.get(typeUrl) ?? [];
    const reply = { node: this.node, typeUrl, resourceNames, responseNonce: nonce };
    try {
      this.answered.set(typeUrl, (response.resources ?? []).map(open));
      this.versions.set(typeUrl, response.versionInfo ?? "");
      this.stream.write({ ...reply, versionInfo: response.versionInfo ?? "" });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.refused.push({ type: messageName(typeUrl), reason });
      if (!this.answered.has(typeUrl)) this.answered.set(typeUrl, []);
      const errorDetail = { code: INVALID_ARGUMENT, message: reason };
      this.stream.write({ ...reply, versionInfo: this.versions.get(typeUrl) ?? "", errorDetail });
    }
    this.askForWhatItNames();
  }

  private askForWhatItNames(): void {
    if (!this.answered.has(CLUSTERS) || !this.answered.has(LISTENERS)) return;
    const endpoints = endpointNames(this.resources(CLUSTERS) as Cluster[]);
    const routes = routeNames(this.resources(LISTENERS) as Listener[]);
    if (!this.asked.has(ENDPOINTS) && endpoints.length > 0) this.ask(ENDPOINTS, endpoints);
    if (!this.asked.has(ROUTES) && routes.length > 0) this.ask(ROUTES, routes);
  }

  private complete(): boolean {
    return this.asked.size > 0 && [...this.asked.keys()].every((type) => this.answered.has(type));
  }

  private resources(type: string): readonly unknown[] {
    return this.answered.get(type) ?? [];
  }

  private result(): ProxyConfig {
    const { role, namespace, pod, serviceAccount, labels } = this.identity;
    return {
      ...{ role, namespace, pod, serviceAccount, labels },
      clusters: this.resources(CLUSTERS) as Cluster[],
      listeners: this.resources(LISTENERS) as Listener[],
      endpoints: this.resources(ENDPOINTS) as LoadAssignment[],
      routes: this.resources(ROUTES) as RouteConfiguration[],
      refused: this.refused,
    };
  }
}

function endpointNames(clusters: readonly Cluster[]): string[] {
  const named = clusters
    .filter((c) => c.type === "EDS")
    .map((c) => c.edsClusterConfig?.serviceName ?? c.name ?? "");
  return [...new Set(named)].sort();
}

function routeNames(listeners: readonly Listener[]): string[] {
  const chains = listeners.flatMap((l) => [
    ...(l.filterChains ?? []),
    ...(l.defaultFilterChain ? [l.defaultFilterChain] : []),
  ]);
  const names = chains
    .flatMap((c) => c.filters ?? [])
    .flatMap((filter) => {
      const name = (filter.typedConfig as HttpConnectionManager | undefined)?.rds?.routeConfigName;
      return name === undefined ? [] : [name];
    });
  return [...new Set(names)].sort();
}

function toStruct(object: JsonObject): object {
  return { fields: Object.fromEntries(Object.entries(object).map(([key, value]) => [key, toValue(value)])) };
}

function toValue(value: Json): object {
  if (value === null) return { nullValue: "NULL_VALUE" };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return { numberValue: value };
  if (typeof value === "string") return { stringValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toValue) } };
  return { structValue: toStruct(value as JsonObject) };
}
