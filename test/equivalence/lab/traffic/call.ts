import type { Identity } from "../certificates";

/** Where and how something is put on the wire. */
export interface Line {
  readonly host: string;
  readonly port: number;
  /** The address that it is sent from. */
  readonly from?: string;
  /** Absent: plaintext. */
  readonly tls?: Tls;
}

export interface Tls {
  /** The name that the handshake asks for. */
  readonly name: string;
  readonly identity?: Identity;
  readonly protocols?: readonly string[];
}

/** Mutual TLS as proxies of the mesh introduce themselves to each other. */
export function meshTls(identity: Identity): Tls {
  return { name: "mesh", identity, protocols: ["istio"] };
}

export interface HttpSending {
  readonly kind: "http";
  readonly method: string;
  readonly path: string;
  /** Host header included. */
  readonly headers: Headers;
}

export interface GrpcSending {
  readonly kind: "grpc";
  /** `/service/method` */
  readonly path: string;
  readonly authority: string;
  readonly headers: Headers;
}

/** One line of bytes; `sni`: inside a TLS connection of the caller's own that asks for this name. */
export interface ConnectionSending {
  readonly kind: "connection";
  readonly id: string;
  readonly sni?: string;
}

export type Sending = HttpSending | GrpcSending | ConnectionSending;
export type Headers = readonly (readonly [string, string])[];

export type Reply =
  | {
      readonly kind: "answer";
      readonly status: number;
      /** Of gRPC calls. */
      readonly grpc?: number;
      readonly headers: Headers;
      readonly body: string;
      readonly ms: number;
    }
  /** The connection ended without an answer. */
  | { readonly kind: "closed"; readonly error: string; readonly ms: number };

export const TIMEOUT_MS = 30_000;

/** Node's options for it. Nobody here looks at who the other side is: that is for proxies. */
export function tlsOptions({ name, identity, protocols }: Tls, fallback: string) {
  return {
    servername: name,
    rejectUnauthorized: false,
    ALPNProtocols: [...(protocols ?? [fallback])],
    ...(identity && { cert: identity.certificate, key: identity.key }),
  };
}

/** Tells lines apart that cannot share a connection. */
export function lineKey({ host, port, from = "", tls }: Line): string {
  return `${host}:${port} ${from} ${tls?.name ?? ""} ${tls?.identity?.certificate ?? ""}`;
}

export function pairs(raw: readonly string[]): Headers {
  const all: (readonly [string, string])[] = [];
  for (let i = 0; i < raw.length; i += 2) all.push([(raw[i] ?? "").toLowerCase(), raw[i + 1] ?? ""]);
  return all;
}
