import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { connect as connectTls } from "node:tls";
import type { Answer } from "./answer";

/** A client's certificate with its key, and what it trusts; all PEM. */
export interface ClientIdentity {
  readonly certificate: string;
  readonly key: string;
}

export interface DirectRequest {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly method: string;
  readonly headers: { readonly [name: string]: string };
  /** `plain`: no TLS at all. `tls`: without a client certificate, or with one. The server's own is not judged. */
  readonly by: { readonly kind: "plain" } | { readonly kind: "tls"; readonly identity?: ClientIdentity };
}

const TIMEOUT_MS = 5000;

/** Sends a request from this machine, past every proxy of a client. Whatever goes wrong is in the answer, with status 0. */
export function sendDirectly(to: DirectRequest): Promise<Answer> {
  const { host, port, path, method, headers, by } = to;
  const options = { host, port, path, method, headers, timeout: TIMEOUT_MS };
  const secured = () =>
    connectTls({
      ...{ host, port, ALPNProtocols: ["http/1.1"] },
      // The client is on trial here, not the server.
      rejectUnauthorized: false,
      ...(by.kind === "tls" && by.identity && { cert: by.identity.certificate, key: by.identity.key }),
    });
  return new Promise((resolve) => {
    // Node heeds `createConnection` only where no agent is named.
    const own = by.kind === "plain" ? { agent: false as const } : { createConnection: secured };
    collect(httpRequest({ ...options, ...own }), resolve);
  });
}

function collect(request: ClientRequest, resolve: (answer: Answer) => void): void {
  const failed = (error: Error) => resolve({ status: 0, headers: {}, body: "", error: error.message });
  request.on("timeout", () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
  request.on("error", failed);
  request.on("response", (response: IncomingMessage) => {
    let body = "";
    response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    response.on("error", failed);
    response.on("end", () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: body.slice(0, 4096) }),
    );
  });
  request.end();
}
