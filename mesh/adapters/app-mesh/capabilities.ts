import type { CapabilityTable, Support } from "../../capability/types";
import { native, none } from "../../capability/support";
import type { AppMeshOptions } from "./options";
import { platformTable } from "./capabilities-platform";
import { securityTable } from "./capabilities-security";
import { api, guide } from "./sources";

const route = (field: string, note?: string): Support =>
  native(`VirtualRouter.spec.routes[].httpRoute.${field}`, api("HttpRoute"), note);
const match = (field: string, note?: string): Support =>
  native(`VirtualRouter.spec.routes[].httpRoute.match.${field}`, api("HttpRouteMatch"), note);
const node = (field: string, note?: string): Support =>
  native(`VirtualNode.spec.listeners[].${field}`, api("Listener"), note);
const noFault = none(
  "App Mesh injects no faults",
  api("HttpRoute"),
  "a backend that fails by itself, with a small weight",
);
const noMirror = none("App Mesh's routes have one action, to send requests on", api("HttpRouteAction"));
const noHeaders = none("App Mesh changes no headers", api("HttpRouteAction"), "the application sets them");
const noRedirect = none(
  "App Mesh's routes have one action, to send requests on",
  api("HttpGatewayRouteAction"),
  "a load balancer before the gateway redirects",
);
const noBalancing = none("how App Mesh's proxies balance cannot be chosen", api("VirtualNodeSpec"));
const noLocality = none("App Mesh's proxies know no zones or regions", api("VirtualNodeSpec"));
const noLimit = none("App Mesh counts no requests", api("Listener"), "traffic.connectionLimits");

const routing = {
  "route.http": native("VirtualRouter.spec.routes[].httpRoute", api("HttpRoute"), "http2Route for HTTP/2"),
  "route.grpc": native("VirtualRouter.spec.routes[].grpcRoute", api("GrpcRoute")),
  "route.tcp": native("VirtualRouter.spec.routes[].tcpRoute", api("TcpRoute")),
  "route.tls": none(
    "App Mesh routes no connections by their SNI",
    api("TcpRoute"),
    "route.tcp for each service",
  ),
  "match.path.exact": match("path.exact"),
  "match.path.prefix": match(
    "prefix",
    "a prefix of path elements is an exact path and a prefix that ends in a slash",
  ),
  "match.path.regex": match("path.regex"),
  "match.method": match("method", "not at a gateway in the form api: Pulumi's resource has no method there"),
  "match.header.exact": match("headers[].match.exact", "at most ten headers"),
  "match.header.regex": match("headers[].match.regex", "at most ten headers"),
  "match.query.exact": match("queryParameters[].match.exact", "at most ten parameters"),
  "match.query.regex": none(
    "App Mesh compares query parameters with exact values only",
    api("QueryParameterMatch"),
    "match.query.exact",
  ),
  "match.cookie": match("headers[].match.regex", "at most three cookies in one match"),
  "match.grpc": native(
    "VirtualRouter.spec.routes[].grpcRoute.match",
    api("GrpcRouteMatch"),
    "a method goes with its service",
  ),
  "backend.split": route("action.weightedTargets[]", "at most ten, in whole hundredths"),
  "backend.version": native("VirtualNode for each version", guide("virtual_nodes")),
  "timeout.request": route("timeout.perRequest"),
  retry: route("retryPolicy", "not on reset: App Mesh has no word for it"),
  "retry.statusCodes": none(
    "App Mesh's retries know groups of statuses, not single ones",
    guide("envoy-defaults"),
    "retry.on gateway-error or 5xx",
  ),
  "retry.perTryTimeout": route("retryPolicy.perRetryTimeout"),
  "retry.backoff": none("App Mesh chooses how long to wait between tries", api("HttpRetryPolicy")),
  "retry.budget": none("App Mesh sets no bounds to all retries together", guide("envoy-defaults")),
  "fault.delay": noFault,
  "fault.abort": noFault,
  mirror: noMirror,
  "mirror.percent": noMirror,
  "mirror.several": noMirror,
  "headers.request": noHeaders,
  "headers.response": noHeaders,
  "rewrite.host": none(
    "App Mesh keeps the Host header or replaces it by the virtual service's name",
    api("GatewayRouteHostnameRewrite"),
  ),
  "rewrite.path.prefix": native(
    "GatewayRoute.spec.httpRoute.action.rewrite.prefix",
    api("HttpGatewayRoutePrefixRewrite"),
    "at gateways only",
  ),
  "rewrite.path.full": native(
    "GatewayRoute.spec.httpRoute.action.rewrite.path",
    api("HttpGatewayRoutePathRewrite"),
    "at gateways only",
  ),
  redirect: noRedirect,
  "redirect.path.prefix": noRedirect,
} as const satisfies Partial<CapabilityTable>;

const traffic = {
  "traffic.healthCheck": node("healthCheck", "every 5 s to 300 s, for 2 s to 60 s"),
  "traffic.outlierDetection": node("outlierDetection"),
  "traffic.connectionLimits": node(
    "connectionPool",
    "counted by the service's own proxies, for all callers; which limits there are depends on the protocol",
  ),
  "traffic.loadBalancing.roundRobin": noBalancing,
  "traffic.loadBalancing.random": noBalancing,
  "traffic.loadBalancing.leastRequest": noBalancing,
  "traffic.loadBalancing.hash.header": noBalancing,
  "traffic.loadBalancing.hash.cookie": noBalancing,
  "traffic.loadBalancing.hash.sourceIp": noBalancing,
  "traffic.locality.prefer": noLocality,
  "traffic.locality.failover": noLocality,
  "traffic.rateLimit.proxy": noLimit,
  "traffic.rateLimit.global": noLimit,
  "traffic.rateLimit.bySource": noLimit,
} as const satisfies Partial<CapabilityTable>;

/** What App Mesh can do as configured. */
export function appMeshTable(options: AppMeshOptions): CapabilityTable {
  return { ...routing, ...traffic, ...securityTable(options), ...platformTable(options) };
}
