import { Server, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import { RELAY_PORT } from "../addresses";
import {
  CLUSTERS,
  discovery,
  ENDPOINTS,
  LISTENERS,
  ROUTES,
  secrets,
  SECRETS,
  type DiscoveryRequest,
  type DiscoveryResponse,
  type Packed,
  type Snapshot,
} from "./services";

type Stream = ServerDuplexStream<DiscoveryRequest, DiscoveryResponse>;

/** What one Envoy is to hold. */
export interface Told {
  readonly version: string;
  readonly snapshot: Snapshot;
  /** By name: `default`, `ROOTCA`. */
  readonly secrets: ReadonlyMap<string, Packed>;
}

/** Tells each Envoy, by its node id, what it is to hold, in the order that Envoy asks for: clusters before what uses them. */
export class Relay {
  private readonly server = new Server({ "grpc.max_receive_message_length": 64 << 20 });
  private readonly seats = new Map<string, Seat>();

  async listen(): Promise<void> {
    this.server.addService(discovery, {
      StreamAggregatedResources: (stream: Stream) =>
        this.serve(stream, (seat) => new Conversation(stream, seat, ORDER)),
      DeltaAggregatedResources: (stream: Stream) => stream.end(),
    });
    this.server.addService(secrets, {
      StreamSecrets: (stream: Stream) =>
        this.serve(stream, (seat) => new Conversation(stream, seat, [SECRETS])),
      DeltaSecrets: (stream: Stream) => stream.end(),
      FetchSecrets: (stream: Stream) => stream.end(),
    });
    await new Promise<void>((resolve, reject) => {
      this.server.bindAsync(`127.0.0.1:${RELAY_PORT}`, ServerCredentials.createInsecure(), (error) =>
        error === null ? resolve() : reject(error),
      );
    });
  }

  seat(node: string): Seat {
    const seat = this.seats.get(node) ?? new Seat();
    this.seats.set(node, seat);
    return seat;
  }

  close(): void {
    this.server.forceShutdown();
  }

  private serve(stream: Stream, begin: (seat: Seat) => Conversation): void {
    let conversation: Conversation | undefined;
    stream.on("error", () => undefined);
    stream.on("end", () => stream.end());
    stream.on("close", () => conversation?.end());
    stream.on("data", (request: DiscoveryRequest) => {
      conversation ??= begin(this.seat(request.node?.id ?? ""));
      conversation.take(request);
    });
  }
}

const ORDER = [CLUSTERS, ENDPOINTS, LISTENERS, ROUTES];

/** One Envoy's place: what it is told, and what it refused. */
export class Seat {
  told: Told | undefined;
  readonly refused: string[] = [];
  readonly conversations = new Set<Conversation>();
  /** Of the last thing told: types that were acknowledged. */
  readonly taken = new Set<string>();

  tell(told: Told): void {
    this.told = told;
    this.taken.clear();
    this.refused.length = 0;
    for (const conversation of this.conversations) conversation.renew();
  }

  /** Clusters and listeners were taken; the rest follows from them. */
  get hasTaken(): boolean {
    return this.taken.has(CLUSTERS) && this.taken.has(LISTENERS);
  }
}

interface Subscription {
  names: readonly string[];
  nonce: string;
  acknowledged: boolean;
  /** The version sent last. */
  version: string;
}

class Conversation {
  private readonly subscriptions = new Map<string, Subscription>();
  private count = 0;

  constructor(
    private readonly stream: Stream,
    private readonly seat: Seat,
    private readonly types: readonly string[],
  ) {
    seat.conversations.add(this);
  }

  end(): void {
    this.seat.conversations.delete(this);
  }

  /** Clusters first (or secrets); the rest when those were taken. */
  renew(): void {
    const [first = ""] = this.types;
    if (this.subscriptions.has(first)) this.send(first);
  }

  take({ typeUrl, resourceNames = [], responseNonce = "", errorDetail }: DiscoveryRequest): void {
    const known = this.subscriptions.get(typeUrl);
    if (known === undefined) {
      this.subscriptions.set(typeUrl, { names: resourceNames, nonce: "", acknowledged: true, version: "" });
      this.send(typeUrl);
      return;
    }
    if (responseNonce !== "" && responseNonce !== known.nonce) return; // an answer to something older
    const same = [...resourceNames].sort().join() === [...known.names].sort().join();
    known.names = resourceNames;
    const first = !known.acknowledged;
    if (first) this.acknowledge(typeUrl, known, errorDetail?.message);
    if (!first || !same) this.send(typeUrl);
  }

  private acknowledge(typeUrl: string, known: Subscription, error: string | undefined): void {
    known.acknowledged = true;
    if (error !== undefined && error !== "") this.seat.refused.push(`${typeUrl.split(".").pop()}: ${error}`);
    if (known.version !== this.seat.told?.version) return;
    this.seat.taken.add(typeUrl);
    if (typeUrl === CLUSTERS) for (const type of [ENDPOINTS, LISTENERS]) this.sendAgain(type);
    if (typeUrl === LISTENERS) this.sendAgain(ROUTES);
  }

  private sendAgain(type: string): void {
    if (this.subscriptions.has(type)) this.send(type);
  }

  private send(typeUrl: string): void {
    const known = this.subscriptions.get(typeUrl);
    const { told } = this.seat;
    if (known === undefined || told === undefined) return;
    known.nonce = `${++this.count}`;
    known.acknowledged = false;
    known.version = told.version;
    const resources =
      typeUrl === SECRETS
        ? known.names.flatMap((name) => told.secrets.get(name) ?? [])
        : (told.snapshot.get(typeUrl) ?? []);
    // A version that Envoy holds already is not looked at, though it be of another resource.
    this.stream.write({
      typeUrl,
      versionInfo: `${told.version}.${known.nonce}`,
      nonce: known.nonce,
      resources,
    });
  }
}
