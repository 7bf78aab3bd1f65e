import { errorAt, type Diagnostic, type FieldPath } from "../../lib";
import { carries } from "../intent/known";
import { destinationsOf } from "../intent/references";
import type { NormalizedIntent, Route, Service } from "../intent/types";
import type { Rule } from "./types";

export const wrongProtocol: Rule = {
  code: "wrong-protocol",
  title: "Ports carry what is sent to them, and HTTP where requests are to be seen.",
  check: ({ intent, lookup }) =>
    expectations(intent).flatMap(({ service, ...expected }) => unfit(lookup.service(service), expected)),
};

/** A service, or a port of it, that must carry something. */
interface Expectation {
  readonly service: string;
  readonly port?: number | undefined;
  readonly kind: Route["kind"];
  readonly at: FieldPath;
}

function expectations(intent: NormalizedIntent): Expectation[] {
  return [
    ...intent.routes.flatMap(({ kind, for: target, at }) =>
      target.kind === "gateway" ? [] : [{ ...target, kind, at: [...at, "for"] }],
    ),
    ...destinationsOf(intent),
    ...ofAccess(intent),
    ...ofTraffic(intent),
    ...intent.externalAuthorization.flatMap(({ to, at }) =>
      to.map(({ service }) => ({ service, kind: "http" as const, at: [...at, "to"] })),
    ),
  ];
}

/** Methods, paths and tokens are parts of requests: each port that an entry holds for must show them. */
function ofAccess({ access, services }: NormalizedIntent): Expectation[] {
  const ports = new Map(services.map((s) => [s.key, s.ports.map((p) => p.port)]));
  return access.flatMap(({ to, operations, jwt, at }) => {
    const key = operations.length > 0 ? "operations" : jwt === undefined ? undefined : "jwt";
    if (key === undefined) return [];
    const meant = to.ports.length > 0 ? to.ports : (ports.get(to.service) ?? []);
    return meant.map((port) => ({ service: to.service, port, kind: "http" as const, at: [...at, key] }));
  });
}

function ofTraffic({ services }: NormalizedIntent): Expectation[] {
  return services.flatMap(({ key, traffic }) => {
    const { healthCheck, loadBalancing, rateLimits, at } = traffic;
    const byRequest = loadBalancing?.kind === "consistentHash" && loadBalancing.by.kind !== "sourceIp";
    const asking = [
      ...(healthCheck === undefined ? [] : [[...at, "healthCheck"]]),
      ...(byRequest ? [[...at, "loadBalancing"]] : []),
      ...rateLimits.map((limit) => limit.at),
    ];
    return asking.map((place) => ({ service: key, kind: "http" as const, at: place }));
  });
}

const WANTED: Readonly<Record<Route["kind"], string>> = {
  http: "http, http2 or grpc",
  grpc: "grpc or http2",
  tcp: "tcp or tls",
  tls: "tls",
};

function unfit(service: Service | undefined, { port, kind, at }: Omit<Expectation, "service">): Diagnostic[] {
  if (service === undefined) return [];
  const meant = port === undefined ? service.ports : service.ports.filter((p) => p.port === port);
  if (meant.length === 0 || meant.some((p) => carries(p.protocol, kind))) return [];
  const carried = meant.map((p) => `${p.port} carries ${p.protocol}`).join(", ");
  return [
    errorAt(at, {
      code: "wrong-protocol",
      message: `service ${service.key} has no ${kind} here: port ${carried}`,
      hint: `name a port whose protocol is ${WANTED[kind]}`,
    }),
  ];
}
