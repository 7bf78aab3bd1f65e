import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import { createServer as createNet } from "node:net";
import { Duplex } from "node:stream";
import { createSecureContext, TLSSocket, type SecureContext } from "node:tls";
import type { Identity } from "../certificates";
import type { Authorizer } from "./authorizer";
import { pairs } from "./call";
import { ID, POD, SCRIPT, stepFor, type Step } from "./script";
import type { Arrivals } from "./seen";

export interface Place {
  readonly host: string;
  readonly port: number;
  readonly slot: number;
  /** Proxies ask here about requests. */
  readonly authorizes: boolean;
}

const PREFACE = "PRI * HTTP/2.0";
const HANDSHAKE = 0x16;

/** The programs behind the proxies: each answers as the request's script says, and notes what it saw. */
export class Echo {
  private readonly places = new Map<string, Place>();
  private readonly context: SecureContext;

  constructor(
    private readonly arrivals: Arrivals,
    private readonly authorizer: Authorizer,
    identity: Identity,
  ) {
    this.context = createSecureContext({ cert: identity.certificate, key: identity.key });
  }

  /** Listens there. Speaks HTTP/1.1, HTTP/2, TLS with either, and plain lines, whichever it is spoken to. */
  async listen(place: Place): Promise<void> {
    const key = `${place.host}:${place.port}`;
    const open = this.places.has(key);
    this.places.set(key, place);
    if (open) return;
    const take = (request: IncomingMessage, response: ServerResponse): void => {
      void this.answer(this.places.get(key) ?? place, request, response);
    };
    const http1 = createHttp({ keepAliveTimeout: 60_000 }, take);
    const http2 = createHttp2((request, response) =>
      take(request as unknown as IncomingMessage, response as unknown as ServerResponse),
    );
    const as = {
      http1: (socket: Duplex) => void http1.emit("connection", socket),
      http2: (socket: Duplex) => void http2.emit("connection", socket),
      line: (socket: Duplex) => this.talk(this.places.get(key) ?? place, socket),
    };
    const server = createNet((socket) => this.recognise(socket, as));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port: place.port, host: place.host, backlog: 1024 }, resolve);
    });
  }

  /** By its first bytes. */
  private recognise(socket: Duplex, as: Record<"http1" | "http2" | "line", (socket: Duplex) => void>): void {
    socket.on("error", () => undefined);
    socket.once("readable", () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      const start = first.toString("latin1", 0, PREFACE.length);
      socket.unshift(first);
      if (first[0] === HANDSHAKE) this.recognise(this.decrypted(socket), as);
      else if (start === PREFACE) as.http2(socket);
      else if (/^[A-Z]+ \S/.test(start)) as.http1(socket);
      else as.line(socket);
    });
  }

  private decrypted(socket: Duplex): Duplex {
    const outer = Duplex.from({ readable: socket, writable: socket });
    outer.on("error", () => undefined);
    return new TLSSocket(outer, { isServer: true, secureContext: this.context });
  }

  /** A connection of bytes: its first line is the id. */
  private talk({ slot, port }: Place, socket: Duplex): void {
    let heard = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      heard += chunk;
      const end = heard.indexOf("\n");
      if (end < 0) return;
      const id = heard.slice(0, end).trim();
      this.arrivals.add(id, { slot, port, method: "", path: "", host: "", headers: [] });
      socket.end(`${JSON.stringify({ slot, port })}\n`);
    });
  }

  private async answer(place: Place, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { slot, port } = place;
    request.resume();
    const headers = pairs(request.rawHeaders);
    const find = (name: string): string | undefined => headers.find(([n]) => n === name)?.[1];
    const id = find(ID);
    if (place.authorizes && this.authorizer.answers(request, response, id !== undefined)) return;
    const host = find(":authority") ?? find("host") ?? "";
    const { attempt, mirrored } = this.arrivals.add(id ?? "", {
      ...{ slot, port, method: request.method ?? "", path: request.url ?? "", host },
      headers: headers.filter(([name]) => !name.startsWith(":")),
    });
    const step: Step = mirrored ? { kind: "answer", status: 200 } : stepFor(find(SCRIPT), attempt);
    response.setHeader(POD, `${slot}:${port}`);
    await perform(step, response, JSON.stringify({ slot, port }));
  }
}

async function perform(step: Step, response: ServerResponse, body: string): Promise<void> {
  if (step.kind === "reset") return reset(response);
  if (step.kind === "grpc") {
    response.writeHead(200, { "content-type": "application/grpc", "grpc-status": String(step.code) }).end();
    return;
  }
  if (step.kind === "wait") await new Promise((resolve) => setTimeout(resolve, step.ms));
  if (response.destroyed || response.writableEnded) return;
  const status = step.kind === "answer" ? step.status : 200;
  const headers = step.kind === "answer" ? (step.headers ?? []) : [];
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body);
}

/** HTTP/2 streams are reset, HTTP/1.1 connections closed. */
function reset(response: ServerResponse): void {
  const { stream } = response as unknown as { readonly stream?: { close: (code: number) => void } };
  if (stream === undefined) response.socket?.destroy();
  else stream.close(2);
}
