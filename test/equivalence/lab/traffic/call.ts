import type { Identity } from "../certificates";

/** Where and how something is put on the wire. */
export interface Line {
  readonly host: string;
  readonly port: number;
  /** The address that it is sent from. */
  readonly from?: string;
  /** Mutual TLS as a proxy of the mesh speaks it, with this certificate; absent: plaintext. */
  readonly as?: Identity;
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

/** As proxies of the mesh introduce themselves to each other. */
export const MESH_ALPN = ["istio"];

export function pairs(raw: readonly string[]): Headers {
  const all: (readonly [string, string])[] = [];
  for (let i = 0; i < raw.length; i += 2) all.push([(raw[i] ?? "").toLowerCase(), raw[i + 1] ?? ""]);
  return all;
}
