import type { JsonObject } from "../../../../lib";
import { backendRef, GROUP, httpMatch, versionServices } from "../../../gateway-api";
import { Lookup } from "../../../intent/lookup";
import {
  isHttpLike,
  isHttpRoute,
  type Match,
  type NormalizedIntent,
  type RouteRule,
  type Service,
  type ServicePort,
} from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";

const GATEWAY = { name: "service-network", namespace: "default" } as const;
/** Of one rule, in VPC Lattice. */
const MOST_HEADERS = 5;

/**
 * What VPC Lattice can take over of an intent, as objects of the Gateway API: a service network, and a route for each
 * port that carries requests. Rules whose matches it cannot tell are left out, since without them they would match more.
 */
export function latticeObjects(intent: NormalizedIntent): KubeObject[] {
  const gateway = kubeObject({
    apiVersion: `${GROUP}/v1`,
    kind: "Gateway",
    ...GATEWAY,
    spec: {
      gatewayClassName: "amazon-vpc-lattice",
      listeners: [
        { name: "http", port: 80, protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } },
      ],
    },
  });
  const lookup = new Lookup(intent);
  const routes = intent.services.flatMap((service) =>
    service.ports
      .filter((port) => isHttpLike(port.protocol) && port.protocol !== "grpc")
      .map((port) => routeFor(service, { port, lookup })),
  );
  return [gateway, ...versionServices(intent), ...routes];
}

function routeFor(service: Service, { port, lookup }: { port: ServicePort; lookup: Lookup }): KubeObject {
  const own = lookup
    .routesFor(service.key)
    .filter(isHttpRoute)
    .filter((r) => r.for.kind === "service" && (r.for.port ?? port.port) === port.port);
  const plain = {
    backendRefs: [
      {
        ...backendRef({ service: service.key, port: port.port }, { from: service.namespace, lookup }),
        weight: 1,
      },
    ],
  };
  const rules = own.flatMap((route) =>
    route.rules.flatMap((rule) => ruleOf(rule, { from: service.namespace, lookup })),
  );
  return kubeObject({
    apiVersion: `${GROUP}/v1`,
    kind: "HTTPRoute",
    name: `${service.name}-${port.port}`,
    namespace: service.namespace,
    spec: {
      parentRefs: [{ group: GROUP, kind: "Gateway", ...GATEWAY, sectionName: "http" }],
      rules: own.length === 0 ? [plain] : rules,
    },
  });
}

function ruleOf(
  { matches, backends }: RouteRule,
  place: { readonly from: string; readonly lookup: Lookup },
): JsonObject[] {
  const told = matches.filter(canTell);
  if (told.length === 0) return [];
  const backendRefs = backends.map((b) => ({ ...backendRef(b, place), weight: b.weight }));
  return [{ matches: told.map(httpMatch), backendRefs }];
}

/** Exact paths and prefixes, methods and exact headers are what VPC Lattice tells requests by. */
function canTell({ path, headers, query, cookies }: Match): boolean {
  return (
    path.kind !== "regex" &&
    query.length + cookies.length === 0 &&
    headers.length <= MOST_HEADERS &&
    headers.every((h) => h.match.kind === "exact" && h.name !== "host")
  );
}
