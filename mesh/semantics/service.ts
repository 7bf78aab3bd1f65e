import { isHttpLike, type NormalizedIntent } from "../intent/types";
import { connection, routesOf } from "./connections";
import { direct, follow, type Journey } from "./forward";
import { identityOf } from "./identity";
import { mtlsMode } from "./mtls";
import { seen } from "./request";
import { select, type RequestRoute } from "./select";
import type { Destination, Outcome, Request } from "./types";

type AtService = Extract<Destination, { kind: "service" }>;

/** What becomes of a call of a service: mutual TLS, then the routes that its caller's proxy follows, then access. */
export function atService(request: Request, to: AtService, intent: NormalizedIntent): Outcome {
  const service = intent.services.find((s) => s.key === to.service);
  const port = service?.ports.find((p) => p.port === to.port);
  if (service === undefined || port === undefined) {
    return { kind: "refused", reason: "no-port", because: service === undefined ? [] : [service.at] };
  }
  const { mode, because } = mtlsMode(service, to.port, intent);
  if (request.from.kind === "unmeshed" && mode === "strict") {
    return { kind: "refused", reason: "mtls", because: [because] };
  }
  const readable = isHttpLike(port.protocol);
  const looked = readable ? seen(request.call, `${service.name}.${service.namespace}`) : undefined;
  if (readable && looked === undefined) {
    return { kind: "refused", reason: "protocol", because: [service.at] };
  }
  const journey: Journey = {
    intent,
    request,
    identity: identityOf(request.from, intent),
    origin: { scheme: "http", port: to.port },
    ...(looked === undefined ? {} : { seen: looked }),
  };
  // Routes are followed by the caller's proxy, and only callers with the identity of a service have one that does.
  const routed = request.from.kind === "service";
  return (routed ? byRoutes(to, journey) : undefined) ?? direct(to.service, to.port, journey);
}

/** Undefined where no route holds for the port. */
function byRoutes({ service, port }: AtService, journey: Journey): Outcome | undefined {
  const routes = routesOf(journey.intent, service, port);
  const looked = journey.seen;
  if (looked === undefined) return connection(routes, journey);
  const own = routes.filter((r): r is RequestRoute => r.kind === "http" || r.kind === "grpc");
  if (own.length === 0) return undefined;
  const chosen = select(own, looked);
  if (chosen === undefined) return { kind: "notFound", because: own.map((r) => r.at) };
  return follow(chosen, looked, journey);
}
