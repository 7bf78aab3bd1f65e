import type { FieldPath } from "../../lib";

/** Where something was written: every part of a normalized intent keeps it, for the diagnostics of later stages. */
export interface Written {
  readonly at: FieldPath;
}

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
}

export interface RouteRule extends Written {
  readonly name?: string;
  readonly matches: readonly Match[];
  readonly backends: readonly Backend[];
  /** Of the whole request, tries included. */
  readonly timeoutMs?: number;
  readonly retry?: Retry;
}

export type RouteTarget =
  | { readonly kind: "service"; readonly service: string; readonly port?: number }
  | { readonly kind: "gateway"; readonly gateway: string; readonly hosts: readonly string[] };

export interface HttpRoute extends Written {
  readonly kind: "http";
  readonly for: RouteTarget;
  readonly rules: readonly RouteRule[];
}

export type Caller = Written &
  (
    | { readonly kind: "service"; readonly service: string }
    | { readonly kind: "gateway"; readonly gateway: string }
    | { readonly kind: "namespace"; readonly namespace: string }
    /** `spiffe://<trust domain>/…`. */
    | { readonly kind: "principal"; readonly principal: string }
  );

export interface Operation {
  /** Empty for every method. */
  readonly methods: readonly string[];
  /** Empty for every path. Each exact, `prefix*` or `*suffix`. */
  readonly paths: readonly string[];
}

export interface Access extends Written {
  readonly to: { readonly service: string; readonly ports: readonly number[] };
  readonly action: "allow" | "deny";
  /** Empty for every caller. */
  readonly from: readonly Caller[];
  /** Empty for every request. */
  readonly operations: readonly Operation[];
}

export interface Listener extends Written {
  readonly port: number;
  readonly protocol: "http" | "https";
  readonly hosts: readonly string[];
  /** Secret with the certificate, in the gateway's namespace. */
  readonly tlsSecret?: string;
}

export interface Gateway extends Written {
  readonly name: string;
  readonly exposure: "public" | "internal" | "cluster";
  readonly listeners: readonly Listener[];
}

/** An intent with its defaults filled in and everything whose order means nothing in one fixed order. */
export interface NormalizedIntent {
  readonly mtls: {
    readonly mode: MtlsMode;
    readonly trustDomain: string;
    readonly overrides: readonly MtlsOverride[];
  };
  readonly authorization: { readonly default: "deny" | "allow" };
  readonly services: readonly Service[];
  readonly routes: readonly HttpRoute[];
  readonly access: readonly Access[];
  readonly gateways: readonly Gateway[];
}
