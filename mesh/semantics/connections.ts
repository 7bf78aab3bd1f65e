import type { NormalizedIntent, Route, TcpRoute, TlsRoute } from "../intent/types";
import { connect, type Journey } from "./forward";
import { nearestHost } from "./hosts";
import type { Outcome, Request } from "./types";

/** The name that a connection asks for: of its handshake, or the host of a request that TLS would carry. */
export function sniOf({ call }: Request): string | undefined {
  return call.kind === "connection" ? call.sni : call.host?.replace(/:\d+$/, "");
}

/**
 * What routes of connections do with one: the TLS rule with the nearest name, else the TCP rule.
 * Undefined where there is no route. Where there are TLS routes and none for the name, a gateway refuses; the proxies of
 * callers do what each mesh's do, some sending it on as if there were no route.
 */
export function connection(routes: readonly Route[], journey: Journey): Outcome | undefined {
  const tls = routes.filter((r): r is TlsRoute => r.kind === "tls");
  const byName = tlsOutcome(tls, journey);
  if (byName !== undefined) return byName;
  const [rule] = routes.filter((r): r is TcpRoute => r.kind === "tcp").flatMap((r) => r.rules);
  if (rule !== undefined) return connect(rule, journey);
  if (tls.length === 0) return undefined;
  const because = tls.map((r) => r.at);
  const gateway = journey.request.to.kind === "gateway";
  return gateway ? { kind: "refused", reason: "no-route", because } : { kind: "undecided", because };
}

function tlsOutcome(routes: readonly TlsRoute[], journey: Journey): Outcome | undefined {
  const sni = sniOf(journey.request);
  if (sni === undefined) return undefined;
  const rules = routes
    .filter((r) => r.for.kind === "service" || nearestHost(r.for.hosts, sni) !== undefined)
    .flatMap((r) => r.rules);
  const nearest = nearestHost(
    rules.flatMap((r) => r.sni),
    sni,
  );
  const rule = rules.find((r) => nearest !== undefined && r.sni.includes(nearest));
  return rule && connect(rule, journey);
}

/** The routes for a port of a service; one that names no port holds for all that it can. */
export function routesOf(intent: NormalizedIntent, service: string, port: number): Route[] {
  return intent.routes.filter(
    ({ for: target }) =>
      target.kind === "service" && target.service === service && (target.port ?? port) === port,
  );
}
