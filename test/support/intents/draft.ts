import type { CapabilityId } from "../../../mesh/capability/ids";
import type { Intent } from "../../../mesh/intent";
import type { Dice } from "./dice";

export type WrittenService = NonNullable<Intent["services"]>[string];
export type WrittenRoute = NonNullable<Intent["routes"]>[number];
export type RouteOf<K extends WrittenRoute["kind"]> = Extract<WrittenRoute, { kind: K }>;
export type HttpRule = RouteOf<"http">["rules"][number];
export type GrpcRule = RouteOf<"grpc">["rules"][number];
export type WrittenMatch = NonNullable<HttpRule["match"]>[number];
export type WrittenGrpcMatch = NonNullable<GrpcRule["match"]>[number];
export type WrittenBackend = NonNullable<HttpRule["backends"]>[number];
export type WrittenAccess = NonNullable<Intent["access"]>[number];
export type WrittenListener = NonNullable<Intent["gateways"]>[string]["listeners"][number];

/** An intent in the making. */
export interface Draft {
  readonly dice: Dice;
  /** Whether the intent is to ask for it. */
  readonly wants: (id: CapabilityId) => boolean;
  readonly intent: Intent & {
    readonly services: { [key: string]: WrittenService };
    readonly routes: WrittenRoute[];
    readonly access: WrittenAccess[];
  };
  /** The JSON text of the JWK set of providers with inline keys. */
  readonly jwks: string;
}

/** The service that most of an intent is about, and its caller. */
export const MAIN = "shop/cart";
export const CALLER = "shop/web";
/** One that routes of the main service also lead to. */
export const OTHER = "shop/blog";
/** A caller in a namespace of its own. */
export const PROBE = "ops/probe";
export const GRPC = "shop/quotes";
export const TCP = "data/db";
export const TLS = "data/vault";

/** The services of every intent, and those that only some routes need. */
export function addServices({ intent, wants, dice }: Draft): void {
  const { services } = intent;
  // Versions that no backend names would say nothing.
  const versions = wants("backend.version") ? { versions: versionsOf(["v1", "v2", "v3"]) } : {};
  const target = dice.chance(0.5) ? { targetPort: 8080 } : {};
  services[CALLER] = { serviceAccount: "web", ports: [{ port: 80 }] };
  services[MAIN] = { serviceAccount: "cart", ports: [{ port: 80, ...target }], ...versions };
  services[OTHER] = {
    serviceAccount: "blog",
    ports: [{ port: dice.pick([80, 8000]), protocol: "http" }],
    ...versions,
  };
  services[PROBE] = { serviceAccount: "probe", ports: [{ port: 80 }] };
  if (dice.chance(0.3)) services[OTHER].ports.push({ port: 9090, protocol: "http" });
  if (wants("route.grpc")) {
    services[GRPC] = { serviceAccount: "quotes", ports: [{ port: 9000, protocol: "grpc" }], ...versions };
  }
  if (wants("route.tcp")) {
    services[TCP] = { serviceAccount: "db", ports: [{ port: 5432, protocol: "tcp" }], ...versions };
  }
  if (wants("route.tls")) {
    services[TLS] = { serviceAccount: "vault", ports: [{ port: 8443, protocol: "tls" }], ...versions };
  }
}

export function versionsOf(names: readonly string[]): NonNullable<WrittenService["versions"]> {
  return Object.fromEntries(names.map((name) => [name, { labels: { version: name } }]));
}

/** A backend, with its port where the service has several. */
export function backendAt(
  { intent, dice }: Draft,
  service: string,
  rest: Partial<WrittenBackend> = {},
): WrittenBackend {
  const ports = intent.services[service]?.ports ?? [];
  return { service, ...(ports.length > 1 ? { port: dice.pick(ports).port } : {}), ...rest };
}
