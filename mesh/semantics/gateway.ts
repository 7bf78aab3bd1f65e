import type { Gateway, HttpRoute, Listener, NormalizedIntent } from "../intent/types";
import { connection, sniOf } from "./connections";
import { follow, type Journey } from "./forward";
import { nearestHost } from "./hosts";
import { identityOf } from "./identity";
import { seen, type Seen } from "./request";
import { select, type RequestRoute } from "./select";
import type { Destination, Outcome, Request } from "./types";

type AtGateway = Extract<Destination, { kind: "gateway" }>;

/** What a gateway does with a request: its listener takes it, then the routes of the nearest host decide. */
export function atGateway(request: Request, to: AtGateway, intent: NormalizedIntent): Outcome {
  const gateway = intent.gateways.find((g) => g.name === to.gateway);
  const listeners = gateway?.listeners.filter((l) => l.port === to.port) ?? [];
  const [listener] = listeners;
  if (gateway === undefined || listener === undefined) {
    return { kind: "refused", reason: "no-listener", because: gateway === undefined ? [] : [gateway.at] };
  }
  const client = { kind: "gateway" as const, gateway: to.gateway };
  const address = to.address === undefined ? {} : { address: to.address };
  const journey: Journey = {
    intent,
    request,
    identity: identityOf({ ...client, ...address }, intent),
    origin: { scheme: listener.protocol === "https" ? "https" : "http", port: to.port },
  };
  if (listener.protocol === "tls" || listener.protocol === "tcp") {
    return throughGateway(gateway, listeners, journey);
  }
  const looked = seen(request.call, "");
  if (looked === undefined) return { kind: "refused", reason: "protocol", because: [listener.at] };
  return byHost(looked, { gateway, listeners, journey: { ...journey, seen: looked } });
}

/** Connections that a gateway does not read. */
function throughGateway(gateway: Gateway, listeners: readonly Listener[], journey: Journey): Outcome {
  const because = listeners.map((l) => l.at);
  const tls = listeners[0]?.protocol === "tls";
  if (tls && nearestHost(hostsOf(listeners), sniOf(journey.request) ?? "") === undefined) {
    return { kind: "refused", reason: "no-listener", because };
  }
  const routes = journey.intent.routes.filter(
    (r) => r.kind === (tls ? "tls" : "tcp") && r.for.kind === "gateway" && r.for.gateway === gateway.name,
  );
  return connection(routes, journey) ?? { kind: "refused", reason: "no-route", because };
}

interface Surroundings {
  readonly gateway: Gateway;
  readonly listeners: readonly Listener[];
  readonly journey: Journey;
}

function byHost(request: Seen, { gateway, listeners, journey }: Surroundings): Outcome {
  const because = listeners.map((l) => l.at);
  if (nearestHost(hostsOf(listeners), request.host) === undefined) {
    // Without a certificate for the name there is no connection to answer 404 on.
    const secure = listeners.every((l) => l.protocol === "https");
    return secure ? { kind: "refused", reason: "no-listener", because } : { kind: "notFound", because };
  }
  const routes = journey.intent.routes.filter((r): r is RequestRoute => isFor(gateway, r));
  const host = nearestHost(routes.flatMap(hostsOfRoute), request.host);
  if (host === undefined) return { kind: "notFound", because };
  const own = routes.filter((r) => hostsOfRoute(r).includes(host));
  const chosen = select(own, request);
  if (chosen === undefined) return { kind: "notFound", because: own.map((r) => r.at) };
  return follow(chosen, request, journey);
}

function isFor({ name }: Gateway, { kind, for: target }: NormalizedIntent["routes"][number]): boolean {
  return (kind === "http" || kind === "grpc") && target.kind === "gateway" && target.gateway === name;
}

function hostsOfRoute({ for: target }: HttpRoute | RequestRoute): readonly string[] {
  return target.kind === "gateway" ? target.hosts : [];
}

function hostsOf(listeners: readonly Listener[]): readonly string[] {
  return listeners.flatMap((l) => l.hosts);
}
