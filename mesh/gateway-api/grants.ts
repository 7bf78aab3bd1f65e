import { byText, groupBy } from "../../lib";
import type { Route } from "../intent/types";
import { kubeObject } from "../plan/objects";
import type { KubeObject } from "../plan/types";
import { versionServiceName, type BackendName } from "./backends";
import { kindOf } from "./routes";
import { byTarget, type Entry } from "./targets";
import { GROUP, type RouteKind, type RouteSite } from "./types";

/** What lets routes of one namespace name Services of another, and no more than those they name. */
export function referenceGrants(site: RouteSite): KubeObject[] {
  const references = byTarget(site).flatMap(({ target, routes, entries }) =>
    routes.flatMap((route) =>
      namedBy(route).flatMap((backend) => {
        const service = site.lookup.service(backend.service);
        if (service === undefined || service.namespace === target.namespace) return [];
        const name =
          backend.version === undefined ? service.name : versionServiceName(service, backend.version);
        return [{ from: target.namespace, kind: kindFor(route, entries), to: service.namespace, name }];
      }),
    ),
  );
  const groups = groupBy(references, ({ to, kind, from }) => `${to}/${kind.toLowerCase()}s-of-${from}`);
  return [...groups]
    .sort(([a], [b]) => byText(a, b))
    .flatMap(([, [first, ...rest]]) => {
      if (first === undefined) return [];
      const { to, kind, from } = first;
      const names = [...new Set([first, ...rest].map((r) => r.name))].sort(byText);
      return [
        kubeObject({
          apiVersion: `${GROUP}/${site.dialect.versions.ReferenceGrant}`,
          kind: "ReferenceGrant",
          name: `${kind.toLowerCase()}s-of-${from}`,
          namespace: to,
          spec: {
            from: [{ group: GROUP, kind, namespace: from }],
            to: names.map((name) => ({ group: "", kind: "Service", name })),
          },
        }),
      ];
    });
}

function kindFor(route: Route, entries: readonly Entry[]): RouteKind {
  if (route.kind === "tcp") return "TCPRoute";
  return route.kind === "tls" ? "TLSRoute" : kindOf(entries);
}

function namedBy(route: Route): readonly BackendName[] {
  return route.kind === "http" || route.kind === "grpc"
    ? route.rules.flatMap((rule) => [...rule.backends, ...rule.mirrors])
    : route.rules.flatMap((rule) => rule.backends);
}
