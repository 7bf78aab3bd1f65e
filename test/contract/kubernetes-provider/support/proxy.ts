import { createServer, request as plainRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { request as secureRequest } from "node:https";
import type { AddressInfo } from "node:net";
import type { KubeConnection } from "../../../../kube";

/** What happens to a request instead of, or before, being passed on. */
export interface Meddling {
  readonly method: string;
  /** Part of the path and query. */
  readonly path: string;
  /** Milliseconds to hold it back. */
  readonly delay?: number;
  /** Hold it back until such a request has come as well. */
  readonly after?: { readonly method: string; readonly path: string };
  /** Answer this instead. */
  readonly answer?: {
    readonly code: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  };
  /** Break the connection instead. */
  readonly reset?: boolean;
  /** How many requests it happens to. */
  times: number;
}

/** Stands before an API server, speaks plain HTTP as its administrator, and meddles where told to. */
export class Proxy {
  readonly meddlings: Meddling[] = [];
  /** `GET /api/v1/namespaces`: the requests that came since it was last emptied. */
  readonly seen: string[] = [];
  private readonly server = createServer((request, response) => void this.handle(request, response));

  private constructor(private readonly connection: KubeConnection) {}

  static async before(connection: KubeConnection): Promise<Proxy> {
    const proxy = new Proxy(connection);
    await new Promise<void>((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get kubeconfig(): string {
    const { port } = this.server.address() as AddressInfo;
    const cluster = { name: "proxied", cluster: { server: `http://127.0.0.1:${port}` } };
    const context = { name: "proxied", context: { cluster: "proxied", user: "nobody" } };
    const users = [{ name: "nobody", user: {} }];
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [cluster],
      contexts: [context],
      users,
      "current-context": "proxied",
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    this.seen.push(`${method} ${url}`);
    const meddling = this.meddlings.find((m) => m.times > 0 && m.method === method && url.includes(m.path));
    if (meddling) meddling.times--;
    if (meddling?.after) await this.coming(meddling.after);
    if (meddling?.delay) await new Promise((resolve) => setTimeout(resolve, meddling.delay));
    if (meddling?.reset) return void request.socket.destroy();
    if (meddling?.answer) {
      request.resume();
      response.writeHead(meddling.answer.code, { ...meddling.answer.headers });
      return void response.end(meddling.answer.body);
    }
    await this.pass(request, response);
  }

  /** Resolves when a request that matches is among those seen. */
  private async coming({ method, path }: { method: string; path: string }): Promise<void> {
    const matches = (line: string) => line.startsWith(`${method} `) && line.includes(path);
    while (!this.seen.some(matches)) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { server, ca } = this.connection;
    const { cert, key } = await this.connection.credential(false);
    const to = new URL(server);
    const options = {
      method: request.method,
      host: to.hostname,
      port: to.port,
      path: request.url,
      headers: request.headers,
    };
    const send = to.protocol === "https:" ? secureRequest : plainRequest;
    const passed = send({ ...options, ca, cert, key }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  }
}
