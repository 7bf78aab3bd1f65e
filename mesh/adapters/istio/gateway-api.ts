import { errorAt, type Diagnostic } from "../../../lib";
import {
  byTarget,
  entriesOf,
  gatewayApiFaults,
  gatewayObject,
  referenceGrants,
  routeObjects,
  STANDARD_VERSIONS,
  versionServices,
  type Dialect,
  type Entry,
  type RouteSite,
} from "../../gateway-api";
import type { KubeObject } from "../../plan/types";
import { gatewayRelease } from "./names";
import type { Site } from "./site";

/** Istio tries regular expressions after prefixes. */
const DIALECT: Dialect = { versions: STANDARD_VERSIONS, retry: true, regex: "last" };

/** Routes and gateways as objects of the Gateway API. */
export function gatewayApiObjects(site: Site, gatewayNamespace: string): KubeObject[] {
  const routes = routeSite(site, gatewayNamespace);
  return [
    ...versionServices(site.intent),
    ...site.intent.gateways.map((gateway) =>
      gatewayObject(gateway, {
        name: gateway.name,
        namespace: gatewayNamespace,
        className: "istio",
        more: { addresses: [{ type: "Hostname", value: serviceOf(gateway.name, gatewayNamespace) }] },
      }),
    ),
    ...routeObjects(routes),
    ...referenceGrants(routes),
  ];
}

/** The gateway runs already, from its chart; with its address in the object Istio makes no second one. */
function serviceOf(gateway: string, namespace: string): string {
  return `${gatewayRelease(gateway)}.${namespace}.svc.cluster.local`;
}

function routeSite({ intent, lookup }: Site, gatewayNamespace: string): RouteSite {
  return { intent, lookup, dialect: DIALECT, gatewayNamespace, gatewayName: (gateway) => gateway };
}

/** What an intent says of routes that Istio would not do as the Gateway API's objects say it. */
export function gatewayRouteFaults(site: Site, gatewayNamespace: string): Diagnostic[] {
  const routes = routeSite(site, gatewayNamespace);
  const entries = byTarget(routes).flatMap((t) => entriesOf(t.routes));
  return [...gatewayApiFaults(routes), ...entries.flatMap(prefixFaults), ...entries.flatMap(retryFaults)];
}

/** Istio joins a new prefix and the rest of the path as they are: slashes may be lost or doubled at the root. */
function prefixFaults({ rule, match }: Entry): Diagnostic[] {
  const { path, at } = match;
  if (path.kind !== "prefix") return [];
  const rewrite = "rewrite" in rule ? rule.rewrite?.path : undefined;
  const redirect = "redirect" in rule ? rule.redirect?.path : undefined;
  const bad =
    (rewrite?.kind === "prefix" && path.value === "/" && rewrite.value !== "/") ||
    (redirect?.kind === "prefix" && (path.value === "/") !== (redirect.value === "/"));
  if (!bad) return [];
  const message =
    "Istio joins paths wrongly where a route of the Gateway API puts a prefix in the place of / or / in its place";
  const hint = "match a longer prefix, or use routes: istio";
  return [errorAt(at, { code: "unsupported-path-change", message, hint })];
}

/** A route of the Gateway API is always retried on failed connections, and on the statuses that it lists. */
function retryFaults({ rule, grpc }: Entry): Diagnostic[] {
  const on = rule.retry?.on ?? [];
  const wide = on.filter((o) => o === "5xx" || o === "reset");
  // A gRPC call carries its deadline: the backend's own proxy ends a late try by a gRPC status, which no list can name.
  // Of other requests a late try is none that failed by one of the listed statuses, since nobody has answered it.
  const late =
    rule.retry?.perTryTimeoutMs !== undefined && (grpc !== undefined || on.includes("gateway-error"));
  return [
    ...wide.map((o) =>
      errorAt([...rule.at, "retry", "on"], {
        code: "unsupported-retry-condition",
        message: `a route of the Gateway API cannot say to retry on ${o}`,
        hint: "name the status codes, or gateway-error; or use routes: istio",
      }),
    ),
    ...(late
      ? [
          errorAt([...rule.at, "retry", "perTryTimeout"], {
            code: "unsupported-retry-condition",
            message: "Istio does not retry what took too long where a route of the Gateway API says to retry",
            hint:
              grpc === undefined
                ? "name the status codes in place of gateway-error, leave out perTryTimeout, or use routes: istio"
                : "leave out perTryTimeout, or use routes: istio",
          }),
        ]
      : []),
  ];
}

/** Waypoints tell connections by their address, not by the name of their TLS handshake. */
export function atWaypoints({ intent }: Site): Diagnostic[] {
  return intent.routes
    .filter((route) => route.kind === "tls" && route.for.kind === "service")
    .map((route) =>
      errorAt([...route.at, "kind"], {
        code: "unsupported-at-waypoints",
        message: "waypoints do not tell connections by the name of their TLS handshake",
        hint: "use mode: sidecar, or a route of kind tcp",
      }),
    );
}

/** Without waypoints nobody sees the requests for a service. */
export function withoutWaypoints({ intent }: Site): Diagnostic[] {
  return intent.routes
    .filter((route) => route.for.kind === "service")
    .map((route) =>
      errorAt([...route.at, "for"], {
        code: "unsupported-without-waypoints",
        message:
          "ambient mode routes what comes through gateways; without waypoints nothing routes calls to services",
        hint: "set waypoints: namespace in the mesh's options",
      }),
    );
}
