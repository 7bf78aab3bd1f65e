import { byText, shortHash, type JsonObject } from "../../../lib";
import { contentText } from "../../intent/order";
import type { Gateway, GrpcRoute, GrpcRule, HttpRoute, Listener, RouteRule } from "../../intent/types";
import type { GatewayModel, RouterModel, ServiceModel, Spelling } from "./model";
import { gatewayRelease } from "./names";
import { listenerProtocol, routeKey, type ListenerProtocol } from "./protocols";
import { catchAll, routeBody, targetsOf } from "./routes";
import type { Site } from "./site";
import { gatewayPolicy } from "./tls";

interface Input {
  readonly site: Site;
  readonly spelling: Spelling;
}

/** A rule of one of a gateway's routes. */
export type GatewayRule =
  | { readonly kind: "http"; readonly rule: RouteRule; readonly route: HttpRoute }
  | { readonly kind: "grpc"; readonly rule: GrpcRule; readonly route: GrpcRoute };

/** A gateway's proxies run without privileges, so low ports are moved up. */
export function podPort(port: number): number {
  return port < 1024 ? port + 8000 : port;
}

/** What a gateway listens for; gRPC and HTTP are all that App Mesh's gateways speak. */
export function gatewayProtocol({ protocol }: Listener): ListenerProtocol {
  return protocol === "grpc" ? "grpc" : "http";
}

/** The routes of a gateway that lead to backends, rule by rule. */
export function gatewayRules({ name }: Gateway, { intent }: Site): GatewayRule[] {
  return intent.routes.flatMap((route): GatewayRule[] => {
    if (route.for.kind !== "gateway" || route.for.gateway !== name) return [];
    if (route.kind === "http") return route.rules.map((rule) => ({ kind: "http", rule, route }));
    return route.kind === "grpc" ? route.rules.map((rule) => ({ kind: "grpc", rule, route })) : [];
  });
}

/**
 * A gateway's route leads to one virtual service, and takes its requests through that service's own routes. So each
 * rule has a virtual service to itself, with a router that says what becomes of the rule's requests.
 */
export function ruleServices(
  gateway: Gateway,
  { site, spelling }: Input,
): {
  readonly routers: readonly RouterModel[];
  readonly services: readonly ServiceModel[];
} {
  const rules = [...new Map(gatewayRules(gateway, site).map((r) => [ruleName(gateway, r.rule), r])).values()];
  const places = rules.map(({ rule }) => ({ rule, place: rulePlace(gateway, { rule, site }) }));
  return {
    services: places.map(({ place }) => ({ ...place, router: place })),
    routers: places.map(({ rule, place }) => {
      const protocol = ruleProtocol(rule, site);
      const targets = targetsOf(rule.backends, { site, spelling });
      const match = catchAll(protocol, RULE_PORT);
      return {
        name: place.name,
        namespace: place.namespace,
        listeners: [{ portMapping: { port: RULE_PORT, protocol } }],
        routes: [
          { name: "all", spec: { [routeKey(protocol)]: routeBody(rule, { protocol, match, targets }) } },
        ],
      };
    }),
  };
}

/** Routers of rules are reached through gateways alone, so that their port means nothing. */
const RULE_PORT = 80;

function ruleName({ name }: Gateway, rule: RouteRule | GrpcRule): string {
  return `${name}-${shortHash(contentText(rule))}`;
}

/** The virtual service of a gateway's rule. */
export function rulePlace(
  gateway: Gateway,
  { rule, site }: { rule: RouteRule | GrpcRule; site: Site },
): Omit<ServiceModel, "router"> {
  const name = ruleName(gateway, rule);
  const namespace = site.options.gatewayNamespace;
  return { name, namespace, host: `${name}.${namespace}` };
}

/** The protocol of a rule's backends, which must all have the same. */
export function ruleProtocol({ backends }: RouteRule | GrpcRule, { lookup }: Site): ListenerProtocol {
  const [backend] = backends;
  const service = backend === undefined ? undefined : lookup.service(backend.service);
  const port = service?.ports.find((p) => p.port === backend?.port) ?? service?.ports[0];
  return port === undefined ? "http" : listenerProtocol(port.protocol);
}

/** A gateway without its routes. */
export function gatewayModel(gateway: Gateway, { site, spelling }: Input): Omit<GatewayModel, "routes"> {
  const account = { namespace: site.options.gatewayNamespace, serviceAccount: gatewayRelease(gateway.name) };
  const called = gatewayRules(gateway, site).flatMap(({ rule }) => rule.backends.map((b) => b.service));
  const services = [...new Set(called)].sort(byText).flatMap((key) => site.lookup.service(key) ?? []);
  return {
    name: gateway.name,
    namespace: site.options.gatewayNamespace,
    gateway: gateway.name,
    spec: {
      listeners: listenersOf(gateway).map((l) => gatewayListener(l, { site, spelling })),
      ...(services.length === 0 ? {} : gatewayPolicy(account, { services, site, spelling })),
      ...(site.intent.telemetry?.accessLogs === "all"
        ? { logging: { accessLog: { file: { path: "/dev/stdout" } } } }
        : {}),
    },
  };
}

/** One for each port; several listeners may share one with different hosts. */
function listenersOf({ listeners }: Gateway): Listener[] {
  return listeners.filter((l, i) => listeners.findIndex((other) => other.port === l.port) === i);
}

function gatewayListener(listener: Listener, { site, spelling }: Input): JsonObject {
  const { port, tlsSecret } = listener;
  return {
    portMapping: { port: podPort(port), protocol: gatewayProtocol(listener) },
    ...(tlsSecret === undefined
      ? {}
      : { tls: { mode: "STRICT", certificate: servingCertificate(tlsSecret, { site, spelling }) } }),
  };
}

/** Where the secrets of listeners are mounted in a gateway's pods. */
export const LISTENER_CERTIFICATES = "/listener-certs";

function servingCertificate(secret: string, { site, spelling }: Input): JsonObject {
  const arn = site.options.gatewayCertificates[secret];
  if (arn !== undefined) return { acm: spelling.certificate(arn) };
  const directory = `${LISTENER_CERTIFICATES}/${secret}`;
  return { file: { certificateChain: `${directory}/tls.crt`, privateKey: `${directory}/tls.key` } };
}
