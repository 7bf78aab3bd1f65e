import { Client, credentials, type ClientDuplexStream, type MethodDefinition } from "@grpc/grpc-js";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CLUSTERS,
  discovery,
  ENDPOINTS,
  LISTENERS,
  ROUTES,
  type Packed,
  type Snapshot,
} from "../xds/services";
import { endpointNames, routeNames } from "../xds/names";
import { CONSUL_XDS } from "./agent";

interface DeltaRequest {
  readonly node?: object;
  readonly typeUrl: string;
  readonly resourceNamesSubscribe?: readonly string[];
  readonly responseNonce?: string;
}
interface DeltaResponse {
  readonly typeUrl: string;
  readonly nonce?: string;
  readonly resources?: readonly { readonly name: string; readonly resource: Packed }[];
  readonly removedResources?: readonly string[];
}

const QUIET_MS = 250;
const DEADLINE_MS = 15_000;

/** Consul tells proxies what changed; this puts together what it has told one, once it says nothing more. */
export class ConsulFetcher {
  private readonly client = new Client(CONSUL_XDS, credentials.createInsecure(), {
    "grpc.max_receive_message_length": 64 << 20,
  });

  async fetch(proxy: string): Promise<Snapshot> {
    const method = discovery["DeltaAggregatedResources"] as MethodDefinition<DeltaRequest, DeltaResponse>;
    const { path, requestSerialize, responseDeserialize } = method;
    const stream = this.client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    const told = new Told(stream, proxy);
    try {
      return await told.whole();
    } finally {
      stream.removeAllListeners();
      stream.on("error", () => undefined);
      stream.cancel();
    }
  }
}

class Told {
  private readonly resources = new Map<string, Map<string, Packed>>();
  private readonly asked = new Map<string, Set<string>>();
  private readonly answered = new Set<string>();
  private last = Date.now();
  private broken: Error | undefined;

  constructor(
    private readonly stream: ClientDuplexStream<DeltaRequest, DeltaResponse>,
    proxy: string,
  ) {
    stream.on("error", (error: Error) => (this.broken = error));
    stream.on("data", (response: DeltaResponse) => this.take(response));
    const node = { id: proxy, userAgentName: "envoy", userAgentBuildVersion: { version: ENVOY } };
    this.stream.write({ node, typeUrl: CLUSTERS });
    this.stream.write({ typeUrl: LISTENERS });
  }

  async whole(): Promise<Snapshot> {
    const deadline = Date.now() + DEADLINE_MS;
    while (!this.complete() || Date.now() - this.last < QUIET_MS) {
      if (this.broken !== undefined) throw this.broken;
      if (Date.now() > deadline) throw new Error(`Consul has not said all after ${DEADLINE_MS / 1000} s`);
      await sleep(20);
    }
    return new Map([...this.resources].map(([type, named]) => [type, [...named.values()]]));
  }

  private complete(): boolean {
    const named = [ENDPOINTS, ROUTES].every((type) => {
      const held = this.resources.get(type);
      return [...(this.asked.get(type) ?? [])].every((name) => held?.has(name) === true);
    });
    return named && this.answered.has(CLUSTERS) && this.answered.has(LISTENERS);
  }

  private take({ typeUrl, nonce = "", resources = [], removedResources = [] }: DeltaResponse): void {
    this.last = Date.now();
    this.answered.add(typeUrl);
    const held = this.resources.get(typeUrl) ?? new Map<string, Packed>();
    this.resources.set(typeUrl, held);
    for (const { name, resource } of resources) held.set(name, resource);
    for (const name of removedResources) held.delete(name);
    this.stream.write({ typeUrl, responseNonce: nonce });
    if (typeUrl === CLUSTERS) this.ask(ENDPOINTS, endpointNames([...held.values()]));
    if (typeUrl === LISTENERS) this.ask(ROUTES, routeNames([...held.values()]));
  }

  private ask(typeUrl: string, names: readonly string[]): void {
    const asked = this.asked.get(typeUrl) ?? new Set<string>();
    this.asked.set(typeUrl, asked);
    const fresh = names.filter((name) => !asked.has(name));
    for (const name of fresh) asked.add(name);
    if (fresh.length > 0) this.stream.write({ typeUrl, resourceNamesSubscribe: fresh });
  }
}

/** The latest that this Consul knows; what it says does not differ for later ones. */
const ENVOY = { majorNumber: 1, minorNumber: 35, patch: 0 };
