import type { FieldPath } from "../../lib";
import type { NormalizedIntent, Route, Written } from "./types";

/** A name used somewhere in an intent, and where. */
export interface Reference {
  readonly name: string;
  readonly at: FieldPath;
}

/** A port of a service, or of a version of it, to which something is sent. */
export interface Destination extends Written {
  readonly service: string;
  readonly version?: string;
  /** Absent where none was given and not exactly one fits. */
  readonly port?: number;
  /** What is sent: as a route of this kind would. */
  readonly kind: Route["kind"];
}

/** Where routes send requests, connections and copies, and who is asked about them. */
export function destinationsOf(intent: NormalizedIntent): Destination[] {
  return [
    ...intent.routes.flatMap(({ kind, rules }) =>
      (rules as readonly RuleShape[])
        .flatMap(({ backends, mirrors = [] }) => [...backends, ...mirrors])
        .map((to) => ({ ...to, kind })),
    ),
    ...intent.externalAuthorization.map(({ protocol, ...to }) => ({ ...to, kind: protocol })),
  ];
}

/** What rules of every kind have, and what those of requests have besides. */
interface RuleShape {
  readonly backends: readonly Omit<Destination, "kind">[];
  readonly mirrors?: readonly Omit<Destination, "kind">[];
}

/** Every place of an intent that names a service. */
export function serviceReferences(intent: NormalizedIntent): Reference[] {
  return [
    ...intent.mtls.overrides.flatMap((o) =>
      o.service === undefined ? [] : [{ name: o.service, at: [...o.at, "service"] }],
    ),
    ...intent.routes.flatMap((r) =>
      r.for.kind === "service" ? [{ name: r.for.service, at: [...r.at, "for", "service"] }] : [],
    ),
    ...destinationsOf(intent).map((d) => ({ name: d.service, at: [...d.at, "service"] })),
    ...intent.access.flatMap((a) => [
      { name: a.to.service, at: [...a.at, "to", "service"] },
      ...a.from.flatMap((c) => (c.kind === "service" ? [{ name: c.service, at: [...c.at, "service"] }] : [])),
    ]),
    ...intent.externalAuthorization.flatMap(({ to, at }) =>
      to.map(({ service }) => ({ name: service, at: [...at, "to"] })),
    ),
    ...intent.rollouts.map(({ service, at }) => ({ name: service, at: [...at, "service"] })),
  ];
}

/** Every place of an intent that names a gateway. */
export function gatewayReferences(intent: NormalizedIntent): Reference[] {
  return [
    ...intent.routes.flatMap((r) =>
      r.for.kind === "gateway" ? [{ name: r.for.gateway, at: [...r.at, "for", "gateway"] }] : [],
    ),
    ...intent.access.flatMap((a) =>
      a.from.flatMap((c) => (c.kind === "gateway" ? [{ name: c.gateway, at: [...c.at, "gateway"] }] : [])),
    ),
  ];
}

/** Every place of an intent that names a version of a service. */
export function versionReferences(intent: NormalizedIntent): (Reference & { readonly service: string })[] {
  return [
    ...destinationsOf(intent).flatMap(({ service, version, at }) =>
      version === undefined ? [] : [{ service, name: version, at: [...at, "version"] }],
    ),
    ...intent.rollouts.flatMap(({ service, from, to, at }) => [
      { service, name: from, at: [...at, "from"] },
      { service, name: to, at: [...at, "to"] },
    ]),
  ];
}

/** Every place of an intent that names a port of a service. */
export function portReferences(
  intent: NormalizedIntent,
): (Omit<Reference, "name"> & { readonly service: string; readonly port: number })[] {
  return [
    ...intent.mtls.overrides.flatMap(({ service, port, at }) =>
      service === undefined || port === undefined ? [] : [{ service, port, at: [...at, "port"] }],
    ),
    ...intent.routes.flatMap(({ for: target, at }) =>
      target.kind === "gateway" || target.port === undefined
        ? []
        : [{ service: target.service, port: target.port, at: [...at, "for", "port"] }],
    ),
    ...destinationsOf(intent).flatMap(({ service, port, at }) =>
      port === undefined ? [] : [{ service, port, at: [...at, "port"] }],
    ),
    ...intent.access.flatMap(({ to, at }) =>
      to.ports.map((port) => ({ service: to.service, port, at: [...at, "to", "ports"] })),
    ),
  ];
}
