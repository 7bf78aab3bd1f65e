import { errorAt, type Diagnostic, type FieldPath } from "../../lib";
import { isHttpLike, type Service } from "../intent/types";
import { backendsOf } from "../intent/references";
import type { Rule } from "./types";

export const wrongProtocol: Rule = {
  code: "wrong-protocol",
  title: "HTTP routes and operations are for ports that carry HTTP; on others no mesh can see requests.",
  check: ({ intent, lookup }) => [
    ...intent.routes.flatMap(({ for: target, at }) =>
      target.kind === "gateway"
        ? []
        : notHttp(lookup.service(target.service), { port: target.port, at: [...at, "for"] }),
    ),
    ...backendsOf(intent).flatMap(({ service, port, at }) => notHttp(lookup.service(service), { port, at })),
    ...intent.access.flatMap(({ to, operations, at }) => {
      if (operations.length === 0) return [];
      const service = lookup.service(to.service);
      const ports = to.ports.length > 0 ? to.ports : (service?.ports ?? []).map((p) => p.port);
      return ports.flatMap((port) => notHttp(service, { port, at: [...at, "operations"] }));
    }),
  ],
};

function notHttp(
  service: Service | undefined,
  { port, at }: { port: number | undefined; at: FieldPath },
): Diagnostic[] {
  if (service === undefined) return [];
  const meant = port === undefined ? service.ports : service.ports.filter((p) => p.port === port);
  if (meant.length === 0 || meant.some((p) => isHttpLike(p.protocol))) return [];
  const carried = meant.map((p) => `${p.port} carries ${p.protocol}`).join(", ");
  return [
    errorAt(at, {
      code: "wrong-protocol",
      message: `service ${service.key} has no HTTP here: port ${carried}`,
      hint: "name a port whose protocol is http, http2 or grpc",
    }),
  ];
}
