import type { FieldPath } from "../../lib";
import type { HeaderChange, NamedValue, Retry } from "../intent/types";

/** One request or connection, as it leaves its caller. What it means is in docs/semantics.md. */
export interface Request {
  readonly from: Client;
  readonly to: Destination;
  readonly call: Call;
  /** The token that it carries as `Authorization: Bearer`; absent: none. */
  readonly token?: Token;
  /** What every external authorization that is asked about it answers; default `allow`. */
  readonly externalAuthorization?: "allow" | "deny" | "unreachable";
}

/** Who calls. `address` is the IP address that the callee sees; a caller without one lies in no block. */
export type Client = { readonly address?: string } & (
  | /** A pod of this service, with the mesh's proxy: it has the service's identity, and routes hold for it. */
    { readonly kind: "service"; readonly service: string }
    /** Anything without a proxy of the mesh, in the cluster or outside: plaintext, without an identity. */
  | { readonly kind: "unmeshed" }
  /** A holder of this certificate that calls the pods by itself: `spiffe://<trust domain>/…`. */
  | { readonly kind: "principal"; readonly principal: string }
  /** A gateway's proxy calling a service by itself, as it does for requests that its routes send on. */
  | { readonly kind: "gateway"; readonly gateway: string }
);

export type Destination =
  /** A port of a service, as the Kubernetes Service numbers it. */
  | { readonly kind: "service"; readonly service: string; readonly port: number }
  /** A listener of a gateway. `address`: where the gateway calls its backends from. */
  | { readonly kind: "gateway"; readonly gateway: string; readonly port: number; readonly address?: string }
  /** A host outside the mesh. */
  | { readonly kind: "external"; readonly host: string; readonly port: number };

export type Call = HttpCall | GrpcCall | ConnectionCall;

export interface HttpCall {
  readonly kind: "http";
  readonly method: string;
  /** With its query, and normal: no `//`, no dot segments, no escaped slashes. */
  readonly path: string;
  /** The Host header; default: `<name>.<namespace>` of the service, nothing at a gateway. */
  readonly host?: string;
  /** Names in any case, several of one name allowed; cookies are in `cookie`. */
  readonly headers: readonly NamedValue[];
}

/** An HTTP/2 POST of `/<service>/<method>` with the content type `application/grpc`. */
export interface GrpcCall {
  readonly kind: "grpc";
  /** Full name with its package. */
  readonly service: string;
  readonly method: string;
  readonly host?: string;
  readonly headers: readonly NamedValue[];
}

/** Bytes that nobody reads. `sni`: the name that its TLS handshake asks for, if it is TLS. */
export interface ConnectionCall {
  readonly kind: "connection";
  readonly sni?: string;
}

export interface Token {
  /** Name of the intent's provider that issued it, or any other text for a stranger. */
  readonly provider: string;
  /** `invalid`: bad signature, expired or malformed. */
  readonly validity: "valid" | "invalid" | "wrong-audience";
  readonly claims: { readonly [name: string]: string | readonly string[] };
}

/**
 * What becomes of a request. Endpoints are taken to be there, well and within their limits.
 * `because` names the parts of the intent that decided, the deciding one first; empty where only the absence of
 * something decided.
 */
export type Outcome = Refused | Denied | NotFound | Redirected | Aborted | Forwarded | Passed | Undecided;

interface Decided {
  readonly because: readonly FieldPath[];
}

/** The connection is closed before any request is read. */
export interface Refused extends Decided {
  readonly kind: "refused";
  readonly reason:
    /** Plaintext where mutual TLS is needed. */
    | "mtls"
    /** The service has no such port, or the intent no such service. */
    | "no-port"
    /** The gateway has no listener on the port, or none for the name that the handshake asks for. */
    | "no-listener"
    /** No TLS route holds for the name that the handshake asks for. */
    | "no-route"
    /** Bytes that are no request at a port that takes requests. */
    | "protocol"
    /** The host is outside the mesh and not among the external services. HTTP callers may see 502 instead. */
    | "egress";
}

/** Every backend turns it away with the same status. */
export interface Denied extends Decided, Audited {
  readonly kind: "denied";
  /** Absent for connections, which are closed. */
  readonly status?: 401 | 403;
  readonly reason: DenialReason;
  /** What the rule does to it before; absent where no rule is involved. */
  readonly treatment?: Treatment;
}

/** No rule of those that hold for the destination matches. Status 404. */
export interface NotFound extends Decided {
  readonly kind: "notFound";
}

export interface Redirected extends Decided {
  readonly kind: "redirected";
  readonly status: number;
  /** The Location header: an absolute URL. */
  readonly location: string;
  readonly treatment: Treatment;
}

/** An injected fault answers every such request. */
export interface Aborted extends Decided {
  readonly kind: "aborted";
  readonly status: FaultStatus;
  readonly treatment: Treatment;
}

export interface Forwarded extends Decided {
  readonly kind: "forwarded";
  /** Where those that no fault aborts go; the shares sum to 1, each above 0. Sorted by service, version, port. */
  readonly backends: readonly BackendShare[];
  /** As the backends see it; absent for connections. */
  readonly delivered?: Delivered;
  readonly treatment: Treatment;
}

/** Leaves the mesh as it was sent. */
export interface Passed extends Decided {
  readonly kind: "passed";
  /** The external service that names the host; absent where everything may leave. */
  readonly external?: string;
}

/** The intent does not say, and each mesh does what it does by itself; no mesh is held to anything. */
export interface Undecided extends Decided {
  readonly kind: "undecided";
}

export interface BackendShare {
  readonly service: string;
  /** Absent: a pod of any version. */
  readonly version?: string;
  /** The Service's. */
  readonly port: number;
  /** 0 to 1. */
  readonly share: number;
  readonly verdict: Verdict;
  /** Whether the request's token reaches the workload. */
  readonly token: boolean;
}

/** Whether a backend takes the request. */
export type Verdict = Admission | Denial;

export interface Admission extends Decided, Audited {
  readonly admitted: true;
}

export interface Denial extends Decided, Audited {
  readonly admitted: false;
  /** Absent for connections, which are closed. */
  readonly status?: 401 | 403;
  readonly reason: DenialReason;
}

export type DenialReason =
  /** A token that a provider of the service does not accept. */
  | "token"
  /** An external authorization said no, or did not answer and does not fail open. */
  | "external-authorization"
  /** A `deny` names it. */
  | "deny"
  /** The service has `allow`s and none names it. */
  | "not-allowed"
  /** Nothing allows it, and the default is to deny. */
  | "default";

interface Audited {
  /** The `audit` entries that name the request, whatever becomes of it. */
  readonly audited: readonly FieldPath[];
}

/** A request as its backend sees it. */
export interface Delivered {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly host: string;
  /** Names in lower case, sorted; values of one name joined by `,`. Nothing that proxies add by themselves. */
  readonly headers: readonly NamedValue[];
}

/** What the matching rule does besides choosing backends. */
export interface Treatment {
  /** Of the whole request, tries included; an injected delay comes before. Absent: none. */
  readonly timeoutMs?: number;
  /** Absent: never tried again. */
  readonly retry?: Retry;
  readonly faults: Faults;
  /** Copies of the requests that no fault aborts, each drawn by itself. */
  readonly mirrors: readonly MirrorShare[];
  /** Made to answers of backends, and to those that the proxy gives in their place. Absent: none. */
  readonly responseHeaders?: HeaderChange;
}

/** Drawn independently: a request may be delayed and then aborted. Neither is tried again. */
export interface Faults {
  readonly delay?: { readonly share: number; readonly ms: number };
  readonly abort?: { readonly share: number; readonly status: FaultStatus };
}

export type FaultStatus =
  { readonly protocol: "http"; readonly code: number } | { readonly protocol: "grpc"; readonly code: number };

export interface MirrorShare {
  readonly service: string;
  readonly version?: string;
  readonly port: number;
  /** 0 to 1. */
  readonly share: number;
  /** Whether the copy is let in there. */
  readonly verdict: Verdict;
}

/** One thing that the caller may see, with its probability. */
export interface Answer {
  /** 0 to 1; those of all answers sum to 1. */
  readonly share: number;
  /**
   * `closed`: the connection ends without an answer; `status`: the proxy answers (401, 403, 404, a redirect, an
   * abort); `backend`: the backend does.
   */
  readonly answer:
    | { readonly kind: "closed" }
    | { readonly kind: "status"; readonly status: FaultStatus; readonly location?: string }
    | {
        readonly kind: "backend";
        readonly service: string;
        readonly version?: string;
        readonly port: number;
      };
}
