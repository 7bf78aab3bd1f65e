import type { NormalizedIntent } from "../../../../mesh/intent/types";
import type { Client, Request } from "../../../../mesh/semantics";
import { callOf, requestsToAccess } from "./access";
import { callersIn, identityOf, welcomed } from "./callers";
import { requestsToRoutes } from "./routes";

/**
 * The requests that an intent itself suggests: for each thing that it says one that shows it, and one that shows where
 * it ends. What any part of it does, some request here tells.
 */
export function requestsNear(intent: NormalizedIntent): Request[] {
  const all = [
    ...requestsToRoutes(intent),
    ...requestsToAccess(intent),
    ...requestsToPorts(intent),
    ...requestsToAuthorizers(intent),
    ...requestsToOutside(intent),
  ];
  return [...new Map(all.map((request) => [JSON.stringify(request), request])).values()];
}

/** Every port, with a proxy, with a certificate and with neither. */
function requestsToPorts(intent: NormalizedIntent): Request[] {
  return intent.services.flatMap((service) =>
    service.ports.flatMap(({ port, protocol }) => {
      const to = { kind: "service", service: service.key, port } as const;
      const call = callOf(protocol, "GET", "/elsewhere");
      const froms: Client[] = [
        { kind: "unmeshed", address: "10.1.2.3" },
        { kind: "principal", principal: identityOf(service, intent), address: "10.1.2.3" },
      ];
      return [welcomed({ to, call }, intent), ...froms.map((from) => ({ from, to, call }))];
    }),
  );
}

/** What is asked about, and what is not, whatever the answer. */
function requestsToAuthorizers(intent: NormalizedIntent): Request[] {
  return intent.externalAuthorization.flatMap(({ to: asked }) =>
    asked.flatMap(({ service: key, operations }) => {
      const port = intent.services.find((s) => s.key === key)?.ports[0]?.port ?? 80;
      const named = operations.flatMap((o) => o.paths).map((path) => path.replaceAll("*", "/x"));
      return [...named, "/elsewhere"].flatMap((path) => {
        const to = { kind: "service", service: key, port } as const;
        const request = welcomed({ to, call: callOf("http", "GET", path) }, intent);
        return (["allow", "deny", "unreachable"] as const).map((externalAuthorization) => ({
          ...request,
          externalAuthorization,
        }));
      });
    }),
  );
}

function requestsToOutside(intent: NormalizedIntent): Request[] {
  if (intent.egress === undefined) return [];
  const named = intent.egress.external.flatMap(({ hosts, ports }) =>
    hosts.flatMap((host) => ports.map(({ port }) => ({ host: host.replace("*", "a"), port }))),
  );
  const aims = [
    ...named,
    { host: "elsewhere.example.org", port: 443 },
    { host: "elsewhere.example.org", port: 80 },
  ];
  return callersIn(intent)
    .slice(0, 2)
    .flatMap((from) =>
      aims.map(({ host, port }): Request => {
        const to = { kind: "external", host, port } as const;
        return {
          from,
          to,
          call: port === 80 ? callOf("http", "GET", "/") : { kind: "connection", sni: host },
        };
      }),
    );
}
