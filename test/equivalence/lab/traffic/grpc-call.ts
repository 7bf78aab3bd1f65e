import { connect as http2, type ClientHttp2Session, type IncomingHttpHeaders } from "node:http2";
import { connect as connectPlain } from "node:net";
import { connect as connectTls } from "node:tls";
import { lineKey, TIMEOUT_MS, tlsOptions, type GrpcSending, type Line, type Reply } from "./call";

/** An empty message: not compressed, of no bytes. */
const EMPTY = Buffer.alloc(5);

interface Heard {
  head: IncomingHttpHeaders;
  tail: IncomingHttpHeaders;
  body: string;
}

/** gRPC calls on HTTP/2 connections that are kept for as long as one intent holds. */
export class GrpcCaller {
  private readonly sessions = new Map<string, ClientHttp2Session>();

  send(line: Line, { path, authority, headers }: GrpcSending): Promise<Reply> {
    const began = performance.now();
    return new Promise((resolve) => {
      const ms = (): number => performance.now() - began;
      const closed = (error: Error): void => resolve({ kind: "closed", error: error.message, ms: ms() });
      let stream;
      try {
        stream = this.session(line).request({
          ...Object.fromEntries(headers),
          ":method": "POST",
          ":path": path,
          ":authority": authority,
          "content-type": "application/grpc",
          te: "trailers",
        });
      } catch (error) {
        return closed(error as Error);
      }
      const seen: Heard = { head: {}, tail: {}, body: "" };
      stream.setTimeout(TIMEOUT_MS, () => stream.close());
      stream.on("response", (head: IncomingHttpHeaders) => (seen.head = head));
      stream.on("trailers", (tail: IncomingHttpHeaders) => (seen.tail = tail));
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        seen.body += chunk;
      });
      stream.on("error", closed);
      stream.on("end", () => {
        if (seen.head[":status"] === undefined) closed(new Error("the stream ended without an answer"));
        else resolve(replyOf({ ...seen, ms: ms() }));
      });
      stream.on("close", () => closed(new Error("the stream was closed")));
      stream.end(EMPTY);
    });
  }

  close(): void {
    for (const session of this.sessions.values()) session.destroy();
    this.sessions.clear();
  }

  private session(line: Line): ClientHttp2Session {
    const { host, port } = line;
    const key = lineKey(line);
    const known = this.sessions.get(key);
    if (known !== undefined && !known.destroyed && !known.closed) return known;
    const session = http2(`http://${host}:${port}`, { createConnection: () => connection(line) });
    session.on("error", () => undefined);
    this.sessions.set(key, session);
    return session;
  }
}

function connection({ host, port, from, tls }: Line) {
  const way = { host, port, ...(from !== undefined && { localAddress: from }) };
  return tls === undefined ? connectPlain(way) : connectTls({ ...way, ...tlsOptions(tls, "h2") });
}

function replyOf({
  head,
  tail,
  body,
  ms,
}: {
  head: IncomingHttpHeaders;
  tail: IncomingHttpHeaders;
  body: string;
  ms: number;
}): Reply {
  const status = Number(head[":status"] ?? 0);
  const code = tail["grpc-status"] ?? head["grpc-status"];
  const headers = [head, tail].flatMap(listed);
  return { kind: "answer", status, ...(code !== undefined && { grpc: Number(code) }), headers, body, ms };
}

function listed(headers: IncomingHttpHeaders): (readonly [string, string])[] {
  return Object.entries(
    headers as { readonly [name: string]: string | readonly string[] | undefined },
  ).flatMap(([name, value]) => {
    if (name.startsWith(":") || value === undefined) return [];
    return (typeof value === "string" ? [value] : value).map((one): readonly [string, string] => [name, one]);
  });
}
