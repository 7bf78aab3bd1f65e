import { Agent, request as send } from "node:http";

/** One HTTP/1.1 request, as it is put on the wire. */
export interface Sending {
  readonly host: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  /** Host header included. */
  readonly headers: readonly (readonly [string, string])[];
  /** The address that it is sent from. */
  readonly from?: string;
  readonly timeoutMs?: number;
}

export type Reply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: readonly (readonly [string, string])[];
      readonly body: string;
      readonly ms: number;
    }
  /** The connection ended without an answer. */
  | { readonly kind: "closed"; readonly error: string; readonly ms: number };

/** Connections of one caller, kept for as long as one intent holds. */
export class Sender {
  private readonly agents = new Map<string, Agent>();

  send({ host, port, method, path, headers, from, timeoutMs = 30_000 }: Sending): Promise<Reply> {
    const began = performance.now();
    const ms = (): number => performance.now() - began;
    return new Promise((resolve) => {
      const call = send(
        {
          ...{ host, port, method, path, timeout: timeoutMs, setHost: false, agent: this.agent(from) },
          ...(from !== undefined && { localAddress: from }),
          headers: headers.flat(),
        },
        (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          response.on("error", (error) => resolve({ kind: "closed", error: error.message, ms: ms() }));
          response.on("end", () =>
            resolve({
              kind: "answer",
              status: response.statusCode ?? 0,
              headers: pairs(response.rawHeaders),
              body,
              ms: ms(),
            }),
          );
        },
      );
      call.on("timeout", () => call.destroy(new Error(`no answer within ${timeoutMs} ms`)));
      call.on("error", (error) => resolve({ kind: "closed", error: error.message, ms: ms() }));
      call.end();
    });
  }

  close(): void {
    for (const agent of this.agents.values()) agent.destroy();
    this.agents.clear();
  }

  private agent(from: string | undefined): Agent {
    const key = from ?? "";
    const agent = this.agents.get(key) ?? new Agent({ keepAlive: true, maxSockets: 64 });
    this.agents.set(key, agent);
    return agent;
  }
}

function pairs(raw: readonly string[]): (readonly [string, string])[] {
  const all: (readonly [string, string])[] = [];
  for (let i = 0; i < raw.length; i += 2) all.push([(raw[i] ?? "").toLowerCase(), raw[i + 1] ?? ""]);
  return all;
}
