/** Intents as objects of the Gateway API: what Istio, Linkerd and every other implementation of it share. */
export { backendRef, usedVersions, versionService, versionServiceName, versionServices } from "./backends";
export { cookieFaults, cookieHeader, escaped } from "./cookie-header";
export { gatewayDuration } from "./duration";
export { gatewayApiFaults } from "./faults";
export { gatewayObject, type GatewaySeed } from "./gateways";
export { referenceGrants } from "./grants";
export { grpcAsHttp, grpcMatch, httpMatch } from "./matches";
export { routeObjects } from "./routes";
export { grpcRule, httpRule } from "./rules";
export { byTarget, entriesOf, type Entry, type Target, type TargetRoutes } from "./targets";
export { GROUP, STANDARD_VERSIONS, type Dialect, type RouteKind, type RouteSite } from "./types";
