import { errorAt, type FieldPath } from "../../lib";
import { backendsOf } from "../intent/references";
import type { NormalizedIntent } from "../intent/types";
import type { Rule } from "./types";

interface PortReference {
  readonly service: string;
  readonly port: number;
  readonly at: FieldPath;
}

export const unknownPort: Rule = {
  code: "unknown-port",
  title: "Every port that routes, access and overrides name is one of the service's ports.",
  check: ({ intent, lookup }) =>
    portReferences(intent).flatMap(({ service, port, at }) => {
      const ports = lookup.service(service)?.ports.map((p) => p.port);
      if (ports === undefined || ports.includes(port)) return [];
      return [
        errorAt(at, {
          code: "unknown-port",
          message: `service ${service} has no port ${port}`,
          hint: `its ports: ${ports.join(", ")}`,
        }),
      ];
    }),
};

function portReferences(intent: NormalizedIntent): PortReference[] {
  return [
    ...intent.mtls.overrides.flatMap(({ service, port, at }) =>
      service === undefined || port === undefined ? [] : [{ service, port, at: [...at, "port"] }],
    ),
    ...intent.routes.flatMap(({ for: target, at }) =>
      target.kind === "gateway" || target.port === undefined
        ? []
        : [{ service: target.service, port: target.port, at: [...at, "for", "port"] }],
    ),
    ...backendsOf(intent).flatMap(({ service, port, at }) =>
      port === undefined ? [] : [{ service, port, at: [...at, "port"] }],
    ),
    ...intent.access.flatMap(({ to, at }) =>
      to.ports.map((port) => ({ service: to.service, port, at: [...at, "to", "ports"] })),
    ),
  ];
}
