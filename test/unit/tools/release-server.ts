// A local server in the layout of official downloads: /<official host>/<path>.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";

/** How a file is sent: as it is, cut off in the middle, not at all, or stopping in the middle without an end. */
export type Delivery = "whole" | "cut" | "silent" | "stuck";

interface Served {
  readonly body: Buffer;
  readonly delivery: Delivery;
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly range: string | undefined;
}

export class ReleaseServer {
  readonly requests: Request[] = [];
  private readonly files = new Map<string, Served>();

  private constructor(private readonly server: Server) {
    server.on("request", (request: IncomingMessage, response: ServerResponse) =>
      this.answer(request, response),
    );
  }

  static async start(): Promise<ReleaseServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new ReleaseServer(server);
  }

  get mirror(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/mirror`;
  }

  put(path: string, body: Buffer | string, delivery: Delivery = "whole"): void {
    this.files.set(`/mirror/${path}`, { body: Buffer.from(body), delivery });
  }

  fetched(path: string): readonly Request[] {
    return this.requests.filter((request) => request.method === "GET" && request.path === `/mirror/${path}`);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = "", url: path = "" } = request;
    const range = request.headers.range;
    this.requests.push({ method, path, range });
    const file = this.files.get(path);
    if (method === "HEAD") return void response.writeHead(200).end();
    if (file === undefined) return void response.writeHead(404).end("not found");
    if (file.delivery === "silent") return;
    this.send(response, file, Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0));
  }

  private send(response: ServerResponse, { body, delivery }: Served, from: number): void {
    if (from > 0 && from >= body.length) return void response.writeHead(416).end();
    const rest = body.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": rest.length });
    if (delivery === "whole") return void response.end(rest);
    response.write(rest.subarray(0, Math.ceil(rest.length / 2)), () => {
      if (delivery === "cut") response.socket?.end(); // what was sent arrives, and no more
    });
  }
}

/** A server that takes connections and never answers. */
export async function silentServer(): Promise<{ readonly mirror: string; stop(): Promise<void> }> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    mirror: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function tarGz(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files))
    archive.entry({ name, mode: 0o755, mtime: new Date(0) }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of Readable.from(archive).pipe(createGzip())) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function sha256(body: Buffer | string): string {
  return createHash("sha256").update(body).digest("hex");
}
