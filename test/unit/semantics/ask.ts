import { formatPath } from "../../../lib";
import type { Intent } from "../../../mesh/intent";
import { outcome, type Client, type Outcome, type Request } from "../../../mesh/semantics";
import { valid } from "../mesh/intents";

/** Two services that call each other, where everything is allowed unless a test says otherwise. */
export function world(extra: Intent = {}): Intent {
  const { services, ...rest } = extra;
  return {
    authorization: { default: "allow" },
    ...rest,
    services: {
      "shop/web": { serviceAccount: "web", ports: [{ port: 80 }] },
      "shop/cart": {
        serviceAccount: "cart",
        ports: [{ port: 80, targetPort: 8080 }],
        versions: { v1: { labels: { version: "v1" } }, v2: { labels: { version: "v2" } } },
      },
      ...services,
    },
  };
}

export type Rule = Record<string, unknown>;

/** The world with one HTTP route for the cart. */
export function routed(rules: readonly Rule[], extra: Intent = {}): Intent {
  const route = { kind: "http", for: { service: "shop/cart" }, rules };
  return world({ ...extra, routes: [route, ...(extra.routes ?? [])] as NonNullable<Intent["routes"]> });
}

const WEB: Client = { kind: "service", service: "shop/web" };

export interface Ask extends Partial<Omit<Request, "to" | "call">> {
  readonly to?: string | Request["to"];
  readonly port?: number;
  /** `GET /path?query`. */
  readonly line?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly host?: string;
  readonly call?: Request["call"];
}

/** A request in short: from the web shop to the cart's port 80, `GET /`, unless said otherwise. */
export function request({
  to = "shop/cart",
  port = 80,
  line = "GET /",
  headers = {},
  host,
  call,
  ...rest
}: Ask): Request {
  const [method = "GET", path = "/"] = line.split(" ");
  const http = {
    kind: "http" as const,
    method,
    path,
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    ...(host === undefined ? {} : { host }),
  };
  const service = typeof to === "string" ? { kind: "service" as const, service: to, port } : to;
  return { from: WEB, to: service, call: call ?? http, ...rest };
}

export function ask(intent: Intent, asked: Ask = {}): Outcome {
  return outcome(valid(intent), request(asked));
}

/** An outcome in a few words, for tables. */
export function short(result: Outcome): string {
  switch (result.kind) {
    case "refused":
      return `refused ${result.reason}`;
    case "denied":
      return `denied ${result.status ?? "closed"} ${result.reason}`;
    case "notFound":
      return "404";
    case "redirected":
      return `${result.status} ${result.location}`;
    case "aborted":
      return `aborted ${result.status.protocol} ${result.status.code}`;
    case "forwarded":
      return result.backends
        .map(
          (b) =>
            `${b.service}${b.version ?? ""}:${b.port}${b.share === 1 ? "" : ` ${b.share}`}${b.verdict.admitted ? "" : "!"}`,
        )
        .join(", ");
    case "passed":
      return `passed ${result.external ?? ""}`.trim();
    case "undecided":
      return "undecided";
  }
}

export function because(result: Outcome): string[] {
  return result.because.map(formatPath);
}
