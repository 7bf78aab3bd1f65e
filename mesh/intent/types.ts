import type { JsonObject } from "../../lib";
import type {
  CertificateAuthority,
  Degrade,
  Federation,
  Rollout,
  Telemetry,
  Written,
} from "./types-operation";

export type * from "./types-operation";

export type MtlsMode = "strict" | "permissive";
export type Protocol = "http" | "http2" | "grpc" | "tcp" | "tls";

/** Protocols whose requests a mesh can see, route and judge one by one. */
export function isHttpLike(protocol: Protocol): boolean {
  return protocol === "http" || protocol === "http2" || protocol === "grpc";
}

export interface MtlsOverride extends Written {
  readonly namespace?: string;
  /** Key of a service. */
  readonly service?: string;
  /** The Service's port. */
  readonly port?: number;
  readonly mode: MtlsMode;
  /** Day from which policies object to the exception. */
  readonly until?: string;
}

export interface ServicePort {
  /** The port of the Kubernetes Service. */
  readonly port: number;
  /** The port on which the pods listen. */
  readonly targetPort: number;
  readonly protocol: Protocol;
}

export interface ServiceVersion extends Written {
  readonly name: string;
  readonly labels: { readonly [key: string]: string };
}

/** Where a service's workloads run: pods, virtual machines with an agent, or ECS tasks. */
export type WorkloadKind = "kubernetes" | "vm" | "ecs";

export interface Service extends Written {
  /** `namespace/name`. */
  readonly key: string;
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  readonly sharesServiceAccount: boolean;
  readonly selector: { readonly [key: string]: string };
  readonly ports: readonly ServicePort[];
  readonly versions: readonly ServiceVersion[];
  readonly workloads: WorkloadKind;
  /** Names of the federation's clusters that it is deployed on; empty for every cluster. */
  readonly clusters: readonly string[];
  readonly traffic: ServiceTraffic;
}

/** How callers treat the endpoints of a service. Each part is absent where the intent says nothing. */
export interface ServiceTraffic extends Written {
  /** Probes of the callers' proxies; times in milliseconds. */
  readonly healthCheck?: { readonly path: string; readonly intervalMs: number; readonly timeoutMs: number };
  readonly outlierDetection?: OutlierDetection;
  readonly connectionLimits?: ConnectionLimits;
  readonly loadBalancing?: LoadBalancing;
  readonly locality?: Locality;
  readonly rateLimits: readonly RateLimit[];
}

/** Ejects an endpoint that keeps failing. */
export interface OutlierDetection {
  /** Failures in a row, of status 5xx or on the way. */
  readonly consecutive5xx: number;
  readonly intervalMs: number;
  readonly baseEjectionTimeMs: number;
  /** 1 to 100. */
  readonly maxEjectionPercent: number;
}

/** Per proxy of a caller, as Envoy's circuit breakers count. */
export interface ConnectionLimits {
  readonly maxConnections?: number;
  readonly maxPendingRequests?: number;
  /** Requests at once. */
  readonly maxRequests?: number;
}

export type LoadBalancing =
  | { readonly kind: "roundRobin" | "random" | "leastRequest" }
  | { readonly kind: "consistentHash"; readonly by: HashKey };

export type HashKey =
  { readonly kind: "header" | "cookie"; readonly name: string } | { readonly kind: "sourceIp" };

export interface Locality {
  /** Endpoints of the caller's own zone or region first; absent: no preference. */
  readonly prefer?: "zone" | "region";
  /** Where traffic goes when all endpoints of `from` fail; both are regions, zones or clusters. */
  readonly failover: readonly { readonly from: string; readonly to: string }[];
}

export interface RateLimit extends Written {
  readonly requests: number;
  readonly perMs: number;
  /** `all`: requests of everybody are counted together; `source`: of each calling identity apart. */
  readonly by: "all" | "source";
  /** `proxy`: each endpoint counts for itself; `global`: all endpoints together. */
  readonly scope: "proxy" | "global";
}

export type ValueMatch =
  { readonly kind: "exact"; readonly value: string } | { readonly kind: "regex"; readonly value: string };

/** `prefix` matches by path element: `/foo` matches `/foo` and `/foo/bar`, not `/foobar`. It has no `/` at its end but for `/` itself. */
export type PathMatch = ValueMatch | { readonly kind: "prefix"; readonly value: string };

export interface NamedMatch {
  readonly name: string;
  readonly match: ValueMatch;
}

export interface Match extends Written {
  readonly path: PathMatch;
  readonly method?: string;
  /** By name, in lower case. */
  readonly headers: readonly NamedMatch[];
  readonly query: readonly NamedMatch[];
  /** By name, as written. */
  readonly cookies: readonly NamedMatch[];
}

/** A gRPC call: `service` is the full name with its package; absent parts match everything. */
export interface GrpcMatch extends Written {
  readonly service?: string;
  readonly method?: string;
  /** By name, in lower case. */
  readonly headers: readonly NamedMatch[];
}

export interface Backend extends Written {
  readonly service: string;
  readonly version?: string;
  /** The Service's port; absent where none was given and the service has several, which a rule reports. */
  readonly port?: number;
  readonly weight: number;
}

export type RetryOn =
  "5xx" | "gateway-error" | "connect-failure" | "reset" | "refused-stream" | "retriable-4xx" | number;

export interface Retry {
  /** Tries after the first. */
  readonly retries: number;
  readonly perTryTimeoutMs?: number;
  readonly on: readonly RetryOn[];
  /** The least wait before a second try. */
  readonly backoffMs?: number;
  /** The most retries there may be, as a share of the active requests; 1 to 100. */
  readonly budgetPercent?: number;
}

/** Percentages are above 0, at most 100, with at most four decimals. */
export interface Fault {
  readonly delay?: { readonly percent: number; readonly durationMs: number };
  /** HTTP status for http routes, gRPC status code for grpc routes. */
  readonly abort?: { readonly percent: number; readonly status: number };
}

/** A copy of requests whose answers nobody sees. */
export interface Mirror extends Written {
  readonly service: string;
  readonly version?: string;
  readonly port?: number;
  /** Above 0, at most 100. */
  readonly percent: number;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** Names in lower case, each in at most one of the three lists. */
export interface HeaderChange {
  /** Replaces what is there. */
  readonly set: readonly NamedValue[];
  /** Joins what is there. */
  readonly add: readonly NamedValue[];
  readonly remove: readonly string[];
}

export interface HeaderChanges {
  readonly request: HeaderChange;
  readonly response: HeaderChange;
}

/** `prefix` replaces what a prefix match matched, `full` the whole path; the query stays. */
export type PathChange =
  { readonly kind: "prefix"; readonly value: string } | { readonly kind: "full"; readonly value: string };

export interface Rewrite {
  readonly host?: string;
  readonly path?: PathChange;
}

export interface Redirect {
  readonly scheme?: "http" | "https";
  readonly host?: string;
  readonly port?: number;
  readonly path?: PathChange;
  readonly status: 301 | 302 | 303 | 307 | 308;
}

/** What every rule of requests has, whatever its matches look like. */
export interface RequestRule extends Written {
  readonly name?: string;
  /** Empty only where the rule redirects. */
  readonly backends: readonly Backend[];
  /** Of the whole request, tries included. */
  readonly timeoutMs?: number;
  readonly retry?: Retry;
  readonly fault?: Fault;
  readonly mirrors: readonly Mirror[];
  /** Absent where nothing is changed. */
  readonly headers?: HeaderChanges;
}

export interface RouteRule extends RequestRule {
  readonly matches: readonly Match[];
  readonly rewrite?: Rewrite;
  readonly redirect?: Redirect;
}

export interface GrpcRule extends RequestRule {
  readonly matches: readonly GrpcMatch[];
}

/** Connections as a whole; a route of this kind has one rule that matches them all. */
export interface TcpRule extends Written {
  readonly name?: string;
  readonly backends: readonly Backend[];
}

/** Connections by the name that their TLS handshake asks for; nobody decrypts them on the way. */
export interface TlsRule extends TcpRule {
  /** Host names, `*.domain` included. */
  readonly sni: readonly string[];
}

export type RouteTarget =
  | { readonly kind: "service"; readonly service: string; readonly port?: number }
  | { readonly kind: "gateway"; readonly gateway: string; readonly hosts: readonly string[] };

export interface HttpRoute extends Written {
  readonly kind: "http";
  readonly for: RouteTarget;
  readonly rules: readonly RouteRule[];
}

export interface GrpcRoute extends Written {
  readonly kind: "grpc";
  readonly for: RouteTarget;
  readonly rules: readonly GrpcRule[];
}

export interface TcpRoute extends Written {
  readonly kind: "tcp";
  readonly for: RouteTarget;
  readonly rules: readonly TcpRule[];
}

export interface TlsRoute extends Written {
  readonly kind: "tls";
  readonly for: RouteTarget;
  readonly rules: readonly TlsRule[];
}

export type Route = HttpRoute | GrpcRoute | TcpRoute | TlsRoute;

export function isHttpRoute(route: Route): route is HttpRoute {
  return route.kind === "http";
}

export type Caller = Written &
  (
    | { readonly kind: "service"; readonly service: string }
    | { readonly kind: "gateway"; readonly gateway: string }
    | { readonly kind: "namespace"; readonly namespace: string }
    /** `spiffe://<trust domain>/…`. */
    | { readonly kind: "principal"; readonly principal: string }
    /** CIDR blocks that the caller's address lies in. */
    | { readonly kind: "ipBlocks"; readonly blocks: readonly string[] }
  );

export interface Operation {
  /** Empty for every method. */
  readonly methods: readonly string[];
  /** Empty for every path. Each exact, `prefix*` or `*suffix`. */
  readonly paths: readonly string[];
}

export interface Access extends Written {
  readonly to: { readonly service: string; readonly ports: readonly number[] };
  /** `audit`: what it names is logged and neither allowed nor denied. */
  readonly action: "allow" | "deny" | "audit";
  /** Empty for every caller. */
  readonly from: readonly Caller[];
  /** Empty for every request. */
  readonly operations: readonly Operation[];
  /** A valid token of this provider with these claims is needed besides. */
  readonly jwt?: JwtCondition;
}

export interface JwtCondition {
  readonly provider: string;
  /** Claim to the values of which one must be there; sorted by name. */
  readonly claims: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export interface JwtProvider extends Written {
  readonly name: string;
  readonly issuer: string;
  /** Where its keys are fetched; exactly one of this and `jwks` is there. */
  readonly jwksUri?: string;
  /** Its keys, as the JSON text of a JWK set. */
  readonly jwks?: string;
  readonly audiences: readonly string[];
  /** The token reaches the service. */
  readonly forward: boolean;
}

/** A service that is asked about requests before they are let through. */
export interface ExternalAuthorization extends Written {
  readonly name: string;
  /** Who is asked. */
  readonly service: string;
  readonly port?: number;
  readonly protocol: "grpc" | "http";
  readonly timeoutMs: number;
  /** Requests pass when it does not answer. */
  readonly failOpen: boolean;
  /** Whose requests it is asked about. */
  readonly to: readonly { readonly service: string; readonly operations: readonly Operation[] }[];
}

export interface Listener extends Written {
  readonly port: number;
  /** `tls` is passed through unread, by its SNI. */
  readonly protocol: "http" | "https" | "grpc" | "tls" | "tcp";
  readonly hosts: readonly string[];
  /** Secret with the certificate, in the gateway's namespace. */
  readonly tlsSecret?: string;
}

export interface Gateway extends Written {
  readonly name: string;
  readonly exposure: "public" | "internal" | "cluster";
  readonly listeners: readonly Listener[];
}

/** Something outside the mesh that its services may call. */
export interface ExternalService extends Written {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly ports: readonly { readonly port: number; readonly protocol: Protocol | "https" }[];
}

export interface Egress extends Written {
  /** `deny`: nothing outside the mesh is reached but `external`. */
  readonly default: "deny" | "allow";
  readonly external: readonly ExternalService[];
}

/** An intent with its defaults filled in and everything whose order means nothing in one fixed order. */
export interface NormalizedIntent {
  readonly mtls: {
    readonly mode: MtlsMode;
    readonly trustDomain: string;
    readonly overrides: readonly MtlsOverride[];
    readonly ca: CertificateAuthority & Written;
  };
  readonly authorization: { readonly default: "deny" | "allow" };
  readonly services: readonly Service[];
  readonly routes: readonly Route[];
  readonly access: readonly Access[];
  readonly jwtProviders: readonly JwtProvider[];
  readonly externalAuthorization: readonly ExternalAuthorization[];
  readonly gateways: readonly Gateway[];
  /** Absent: what the mesh does by itself. */
  readonly egress?: Egress;
  readonly telemetry?: Telemetry;
  readonly rollouts: readonly Rollout[];
  readonly federation?: Federation;
  readonly degrade: readonly Degrade[];
  /** Objects for one named mesh, as written. */
  readonly raw: readonly ({ readonly mesh: string; readonly object: JsonObject } & Written)[];
}
