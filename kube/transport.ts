import * as http from "node:http";
import * as https from "node:https";
import type { Credential, KubeConnection } from "./connection";
import { KubeConnectionError, KubeStatusError, type Status } from "./errors";
import { delayBefore, retryable, sleep } from "./retry";

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query below the server's URL. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  /** True if sending it twice does what sending it once does. */
  readonly idempotent: boolean;
}

/** A request given up by its signal. */
export class AbortedError extends Error {
  override readonly name = "AbortedError";
}

/** Sockets for ordinary requests; further requests wait their turn. Watches are not counted. */
const MAX_SOCKETS = 16;
const TIMEOUT_MS = 60_000;
/** Sooner than servers close idle connections: one closed under way may have been read, and must not be repeated. */
const IDLE_MS = 30_000;

/** Sends requests to one API server: TLS, credentials, retries, typed errors. */
export class Transport {
  private agent: { credential: Credential; requests: http.Agent; watches: http.Agent } | undefined;
  private readonly base: URL;

  constructor(readonly connection: KubeConnection) {
    this.base = new URL(connection.server);
  }

  /** The response's body. Throws KubeStatusError, KubeConnectionError or AbortedError. */
  async send(request: Request, signal?: AbortSignal): Promise<string> {
    let stale = false;
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(request, { stale, signal });
      } catch (error) {
        const expired: boolean = error instanceof KubeStatusError && error.code === 401 && !stale;
        if (!expired && !retryable(request, { error, attempt })) throw error;
        stale = expired;
        if (!expired) await sleep(delayBefore(error, attempt), signal);
      }
    }
  }

  /** The response's stream, once its status is known to be good. For watches: no timeout, no retry, own sockets. */
  async stream(request: Request, signal: AbortSignal): Promise<http.IncomingMessage> {
    const agents = await this.agents(false);
    const response = await this.exchange(request, {
      agent: agents.watches,
      credential: agents.credential,
      signal,
    });
    if (good(response)) return response;
    throw failure(response, await text(response));
  }

  close(): void {
    this.agent?.requests.destroy();
    this.agent?.watches.destroy();
  }

  private async once(
    request: Request,
    how: { stale: boolean; signal: AbortSignal | undefined },
  ): Promise<string> {
    const agents = await this.agents(how.stale);
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    const signal = how.signal ? AbortSignal.any([how.signal, limit]) : limit;
    try {
      const response = await this.exchange(request, {
        agent: agents.requests,
        credential: agents.credential,
        signal,
      });
      const body = await text(response);
      if (good(response)) return body;
      throw failure(response, body);
    } catch (error) {
      if (error instanceof KubeStatusError || error instanceof KubeConnectionError) throw error;
      if (how.signal?.aborted) throw new AbortedError(`${request.method} ${request.path} was cancelled`);
      if (limit.aborted)
        throw new KubeConnectionError(
          this.connection.server,
          "ETIMEDOUT",
          `no answer in ${TIMEOUT_MS / 1000} s`,
        );
      throw this.broken(error);
    }
  }

  private exchange(
    request: Request,
    via: { agent: http.Agent; credential: Credential; signal: AbortSignal },
  ): Promise<http.IncomingMessage> {
    const secure = this.base.protocol === "https:";
    const headers: http.OutgoingHttpHeaders = { accept: "application/json", "user-agent": "meshwright" };
    if (via.credential.token) headers["authorization"] = `Bearer ${via.credential.token}`;
    if (request.body !== undefined) {
      headers["content-type"] = request.contentType ?? "application/json";
      headers["content-length"] = Buffer.byteLength(request.body);
    }
    const prefix = this.base.pathname.replace(/\/$/, "");
    return new Promise((resolve, reject) => {
      const sent = (secure ? https : http).request(
        {
          method: request.method,
          hostname: this.base.hostname.replace(/^\[|\]$/g, ""),
          port: this.base.port || (secure ? 443 : 80),
          path: prefix + request.path,
          headers,
          agent: via.agent,
          signal: via.signal,
        },
        resolve,
      );
      sent.on("error", (error: NodeJS.ErrnoException) =>
        reject(via.signal.aborted ? error : this.broken(error)),
      );
      sent.end(request.body);
    });
  }

  private broken(error: unknown): KubeConnectionError {
    const { code = "EUNKNOWN", message } = error as NodeJS.ErrnoException;
    return new KubeConnectionError(this.connection.server, code, message || code);
  }

  private async agents(
    stale: boolean,
  ): Promise<{ credential: Credential; requests: http.Agent; watches: http.Agent }> {
    const credential = await this.connection.credential(stale);
    const last = this.agent;
    if (last && last.credential.cert === credential.cert && last.credential.key === credential.key) {
      return { ...last, credential };
    }
    last?.requests.destroy();
    this.agent = {
      credential,
      requests: this.newAgent(credential, MAX_SOCKETS),
      watches: this.newAgent(credential, Infinity),
    };
    return this.agent;
  }

  private newAgent(credential: Credential, maxSockets: number): http.Agent {
    const { ca, insecure, tlsServerName } = this.connection;
    if (this.base.protocol !== "https:")
      return new http.Agent({ keepAlive: true, maxSockets, timeout: IDLE_MS });
    return new https.Agent({
      keepAlive: true,
      maxSockets,
      timeout: IDLE_MS,
      rejectUnauthorized: !insecure,
      ...(ca !== undefined && { ca }),
      ...(tlsServerName !== undefined && { servername: tlsServerName }),
      ...(credential.cert !== undefined && { cert: credential.cert }),
      ...(credential.key !== undefined && { key: credential.key }),
    });
  }
}

function good(response: http.IncomingMessage): boolean {
  return (response.statusCode ?? 500) < 300;
}

async function text(response: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function failure(response: http.IncomingMessage, body: string): KubeStatusError {
  const code = response.statusCode ?? 500;
  const after = Number(response.headers["retry-after"]);
  const parsed = statusIn(body);
  const status: Status = {
    code,
    reason: parsed?.reason ?? http.STATUS_CODES[code] ?? "Unknown",
    message: parsed?.message ?? (body.trim() || `HTTP ${code}`),
    ...(parsed?.details && { details: parsed.details }),
  };
  return new KubeStatusError(
    Number.isFinite(after) ? { ...status, details: { ...status.details, retryAfterSeconds: after } } : status,
  );
}

function statusIn(body: string): Partial<Status> | undefined {
  try {
    const parsed = JSON.parse(body) as Partial<Status> & { kind?: string };
    return parsed.kind === "Status" ? parsed : undefined;
  } catch {
    return undefined;
  }
}
