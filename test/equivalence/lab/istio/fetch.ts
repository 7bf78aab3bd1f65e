import { Client, credentials, type ClientDuplexStream } from "@grpc/grpc-js";
import { ISTIOD } from "../addresses";
import type { Proxy } from "./proxies";
import {
  aggregated,
  CLUSTERS,
  ENDPOINTS,
  LISTENERS,
  ROUTES,
  type DiscoveryRequest,
  type DiscoveryResponse,
  type Packed,
  type Snapshot,
} from "../xds/services";
import { endpointNames, routeNames } from "../xds/names";

const WAIT_MS = 20_000;

export class Fetcher {
  private readonly client = new Client(ISTIOD.xds, credentials.createInsecure(), {
    "grpc.max_receive_message_length": 64 << 20,
  });

  /** Asks as a proxy asks: clusters and listeners, then the endpoints and routes that they name. */
  async fetch(proxy: Proxy): Promise<Snapshot> {
    const { path, requestSerialize, responseDeserialize } = aggregated;
    const deadline = Date.now() + WAIT_MS;
    const stream = this.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, {
      deadline,
    });
    try {
      return await converse(stream, proxy);
    } finally {
      stream.removeAllListeners();
      stream.on("error", () => undefined);
      stream.cancel();
    }
  }

  close(): void {
    this.client.close();
  }
}

function converse(
  stream: ClientDuplexStream<DiscoveryRequest, DiscoveryResponse>,
  proxy: Proxy,
): Promise<Snapshot> {
  const asked = new Map<string, readonly string[]>();
  const answered = new Map<string, readonly Packed[]>();
  const node = { id: proxy.nodeId, metadata: struct(proxy.metadata) };
  const ask = (typeUrl: string, resourceNames: readonly string[]): void => {
    asked.set(typeUrl, resourceNames);
    stream.write({ node, typeUrl, resourceNames });
  };
  return new Promise((resolve, reject) => {
    stream.on("error", reject);
    stream.on("end", () => reject(new Error("istiod closed the stream")));
    stream.on("data", ({ typeUrl, nonce = "", versionInfo = "", resources = [] }: DiscoveryResponse) => {
      answered.set(typeUrl, resources);
      const resourceNames = asked.get(typeUrl) ?? [];
      stream.write({ node, typeUrl, resourceNames, versionInfo, responseNonce: nonce });
      const [clusters, listeners] = [answered.get(CLUSTERS), answered.get(LISTENERS)];
      if (clusters === undefined || listeners === undefined) return;
      const endpoints = endpointNames(clusters);
      const routes = routeNames(listeners);
      if (!asked.has(ENDPOINTS) && endpoints.length > 0) ask(ENDPOINTS, endpoints);
      if (!asked.has(ROUTES) && routes.length > 0) ask(ROUTES, routes);
      if ([...asked.keys()].every((type) => answered.has(type))) resolve(answered);
    });
    ask(CLUSTERS, []);
    ask(LISTENERS, []);
  });
}

/** google.protobuf.Struct of plain JSON. */
function struct(object: object): object {
  return { fields: Object.fromEntries(Object.entries(object).map(([key, value]) => [key, toValue(value)])) };
}

function toValue(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "number") return { numberValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toValue) } };
  return { structValue: struct(value as object) };
}
