import { errorAt, type Diagnostic, type FieldPath } from "../../lib";
import { backendsOf } from "../intent/references";
import { isHttpLike, type Service } from "../intent/types";
import type { Rule } from "./types";

export const ambiguousPort: Rule = {
  code: "ambiguous-port",
  title: "Where a service has several HTTP ports, routes and backends say which.",
  check: ({ intent, lookup }) => [
    ...intent.routes.flatMap(({ for: target, at }) =>
      target.kind === "service" && target.port === undefined
        ? ambiguous(lookup.service(target.service), [...at, "for"])
        : [],
    ),
    ...backendsOf(intent).flatMap(({ service, port, at }) =>
      port === undefined ? ambiguous(lookup.service(service), at) : [],
    ),
  ],
};

function ambiguous(service: Service | undefined, at: FieldPath): Diagnostic[] {
  const ports = (service?.ports ?? []).filter((p) => isHttpLike(p.protocol)).map((p) => p.port);
  if (service === undefined || ports.length < 2) return [];
  return [
    errorAt(at, {
      code: "ambiguous-port",
      message: `service ${service.key} has several HTTP ports`,
      hint: `add \`port\`: one of ${ports.join(", ")}`,
    }),
  ];
}
