import type { FieldPath } from "../../lib";

/** Where something was written: every part of a normalized intent keeps it, for the diagnostics of later stages. */
export interface Written {
  readonly at: FieldPath;
}

export interface Telemetry extends Written {
  /** Absent: no traces. `endpoint`: `host:port` of an OTLP/gRPC collector. */
  readonly tracing?: { readonly samplingPercent: number; readonly endpoint?: string };
  /** Absent: what the mesh does by itself. */
  readonly accessLogs?: "off" | "errors" | "all";
  readonly metrics: boolean;
}

export interface Rollout extends Written {
  readonly service: string;
  readonly from: string;
  readonly to: string;
  readonly strategy:
    | { readonly kind: "canary"; readonly steps: readonly number[]; readonly intervalMs: number }
    | { readonly kind: "blueGreen" };
  readonly success: { readonly successRatePercent?: number; readonly p99Ms?: number };
}

export interface Federation extends Written {
  readonly trust: "shared-root" | "mesh";
  /** Names, sorted. */
  readonly clusters: readonly string[];
}

/** One loss that the user accepts at one place: `where` is a path as `at` is. */
export interface Degrade extends Written {
  readonly capability: string;
  readonly where: FieldPath;
  readonly reason: string;
}

/** Who signs the workloads' certificates. Secrets are named, never written. */
export type CertificateAuthority =
  | { readonly kind: "mesh" }
  /** A Secret with the keys `ca-cert.pem`, `ca-key.pem`, `root-cert.pem` and `cert-chain.pem`. */
  | { readonly kind: "shared-root"; readonly secret: string }
  | { readonly kind: "cert-manager"; readonly issuer: string }
  | { readonly kind: "vault"; readonly address: string; readonly path: string; readonly role: string }
  | { readonly kind: "aws-pca"; readonly arn: string }
  | { readonly kind: "key-vault"; readonly vaultId: string; readonly prefix: string }
  | { readonly kind: "gcp-cas"; readonly pool: string };
