import { Agent as PlainAgent, request as plain, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as TlsAgent, request as secure } from "node:https";
import { lineKey, pairs, TIMEOUT_MS, tlsOptions, type HttpSending, type Line, type Reply } from "./call";

/** HTTP/1.1 requests on connections that are kept for as long as one intent holds. */
export class HttpCaller {
  private readonly agents = new Map<string, PlainAgent | TlsAgent>();

  send(line: Line, sending: HttpSending): Promise<Reply> {
    const began = performance.now();
    const ms = (): number => performance.now() - began;
    return new Promise((resolve) => {
      const closed = (error: Error): void => resolve({ kind: "closed", error: error.message, ms: ms() });
      const call = this.open(line, sending, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
        response.on("error", closed);
        response.on("end", () => {
          const { statusCode = 0, rawHeaders } = response;
          resolve({ kind: "answer", status: statusCode, headers: pairs(rawHeaders), body, ms: ms() });
        });
      });
      call.on("timeout", () => call.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      call.on("error", closed);
      call.end();
    });
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
    this.agents.clear();
  }

  private open(
    line: Line,
    { method, path, headers }: HttpSending,
    take: (response: IncomingMessage) => void,
  ): ClientRequest {
    const { host, port, from, tls } = line;
    const options = {
      ...{ host, port, method, path, timeout: TIMEOUT_MS, setHost: false, headers: headers.flat() },
      ...(from !== undefined && { localAddress: from }),
      agent: this.agent(line),
    };
    return tls === undefined
      ? plain(options, take)
      : secure({ ...options, ...tlsOptions(tls, "http/1.1") }, take);
  }

  private agent(line: Line): PlainAgent | TlsAgent {
    const key = lineKey(line);
    const options = { keepAlive: true, maxSockets: 64 };
    const made =
      this.agents.get(key) ?? (line.tls === undefined ? new PlainAgent(options) : new TlsAgent(options));
    this.agents.set(key, made);
    return made;
  }
}
