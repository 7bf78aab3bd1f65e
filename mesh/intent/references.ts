import type { FieldPath } from "../../lib";
import type { Backend, NormalizedIntent } from "./types";

/** A name used somewhere in an intent, and where. */
export interface Reference {
  readonly name: string;
  readonly at: FieldPath;
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
    ...backendsOf(intent).map((b) => ({ name: b.service, at: [...b.at, "service"] })),
    ...intent.access.flatMap((a) => [
      { name: a.to.service, at: [...a.at, "to", "service"] },
      ...a.from.flatMap((c) => (c.kind === "service" ? [{ name: c.service, at: [...c.at, "service"] }] : [])),
    ]),
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

export function backendsOf(intent: NormalizedIntent): Backend[] {
  return intent.routes.flatMap((route) => route.rules.flatMap((rule) => rule.backends));
}
