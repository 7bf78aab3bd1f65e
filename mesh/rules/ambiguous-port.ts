import { errorAt, type Diagnostic, type FieldPath } from "../../lib";
import { carries } from "../intent/known";
import { destinationsOf } from "../intent/references";
import type { Route, Service } from "../intent/types";
import type { Rule } from "./types";

export const ambiguousPort: Rule = {
  code: "ambiguous-port",
  title: "Where several ports of a service can carry what is sent to it, the intent says which.",
  check: ({ intent, lookup }) => [
    ...intent.routes.flatMap(({ kind, for: target, at }) =>
      target.kind === "service" && target.port === undefined
        ? ambiguous(lookup.service(target.service), { kind, at: [...at, "for"] })
        : [],
    ),
    ...destinationsOf(intent).flatMap(({ service, port, kind, at }) =>
      port === undefined ? ambiguous(lookup.service(service), { kind, at }) : [],
    ),
  ],
};

function ambiguous(
  service: Service | undefined,
  { kind, at }: { kind: Route["kind"]; at: FieldPath },
): Diagnostic[] {
  const ports = (service?.ports ?? []).filter((p) => carries(p.protocol, kind)).map((p) => p.port);
  if (service === undefined || ports.length < 2) return [];
  return [
    errorAt(at, {
      code: "ambiguous-port",
      message: `several ports of service ${service.key} can carry ${kind}`,
      hint: `add \`port\`: one of ${ports.join(", ")}`,
    }),
  ];
}
