import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttp2, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { createServer as createNet, type Socket } from "node:net";
import { pairs } from "./call";
import type { Arrivals } from "./seen";
import { ID, SCRIPT, stepFor, type Step } from "./script";

interface Place {
  readonly host: string;
  readonly port: number;
  readonly slot: number;
}

const PREFACE = "PRI * HTTP/2.0";

/** The programs behind the sidecars: each answers as the request's script says, and notes what it saw. */
export class Echo {
  private readonly open = new Set<string>();

  constructor(private readonly arrivals: Arrivals) {}

  /** Listens there, unless it does. Speaks HTTP/1.1 and HTTP/2, whichever it is spoken to. */
  async listen(place: Place): Promise<void> {
    const key = `${place.host}:${place.port}`;
    if (this.open.has(key)) return;
    this.open.add(key);
    const http1 = createHttp(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.answer(place, request, response),
    );
    const http2 = createHttp2((request, response) => void this.answer(place, request, response));
    const server = createNet((socket) => {
      socket.on("error", () => undefined);
      this.recognise(place, socket, {
        http1: () => http1.emit("connection", socket),
        http2: () => http2.emit("connection", socket),
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(place.port, place.host, resolve);
    });
  }

  /** By its first bytes: HTTP/2, HTTP/1.1, or anything else, which is answered with the place's name. */
  private recognise(place: Place, socket: Socket, as: { http1: () => void; http2: () => void }): void {
    socket.once("readable", () => {
      const first = socket.read() as Buffer | null;
      if (first === null) return;
      const start = first.toString("latin1", 0, PREFACE.length);
      socket.unshift(first);
      if (start === PREFACE) as.http2();
      else if (/^[A-Z]+ /.test(start)) as.http1();
      else this.talk(place, socket);
    });
  }

  /** A connection of bytes: its first line is the id. */
  private talk({ slot, port }: Place, socket: Socket): void {
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

  private async answer(
    { slot, port }: Place,
    request: IncomingMessage | Http2ServerRequest,
    response: ServerResponse | Http2ServerResponse,
  ): Promise<void> {
    request.resume();
    const headers = pairs(request.rawHeaders);
    const find = (name: string): string | undefined => headers.find(([n]) => n === name)?.[1];
    const host = find(":authority") ?? find("host") ?? "";
    const seen = { slot, port, method: request.method ?? "", path: request.url ?? "", host };
    const { attempt, mirrored } = this.arrivals.add(find(ID) ?? "", {
      ...seen,
      headers: headers.filter(([name]) => !name.startsWith(":")),
    });
    const step: Step = mirrored ? { kind: "answer", status: 200 } : stepFor(find(SCRIPT), attempt);
    await perform(step, response as ServerResponse, JSON.stringify({ slot, port }));
  }
}

async function perform(step: Step, response: ServerResponse, body: string): Promise<void> {
  if (step.kind === "reset") {
    // HTTP/2 streams are reset, HTTP/1.1 connections closed.
    const { stream } = response as unknown as { readonly stream?: { close: (code: number) => void } };
    if (stream === undefined) response.socket?.destroy();
    else stream.close(2);
    return;
  }
  if (step.kind === "grpc") {
    response.writeHead(200, { "content-type": "application/grpc", "grpc-status": String(step.code) });
    response.end();
    return;
  }
  if (step.kind === "wait") await new Promise((resolve) => setTimeout(resolve, step.ms).unref());
  if (response.destroyed || response.writableEnded) return;
  const status = step.kind === "answer" ? step.status : 200;
  const headers = step.kind === "answer" ? (step.headers ?? []) : [];
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.writeHead(status, { "content-type": "application/json" });
  response.end(body);
}
