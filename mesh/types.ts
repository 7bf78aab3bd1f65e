import type { Diagnostic, FieldPath, JsonObject, Result } from "../lib";
import type { CapabilityTable } from "./capability/types";
import type { NormalizedIntent } from "./intent/types";
import type { KubeObject, MeshPlan } from "./plan/types";

/** Where a mesh stands in its life, with the date and source when that is bad news. */
export type Lifecycle =
  | { readonly stage: "ga" | "preview" }
  | { readonly stage: "deprecated" | "discontinued"; readonly since: string; readonly source: string };

/** How the API server reaches a webhook of the mesh. */
export type WebhookReach =
  /** Through the chart's Service, as on every ordinary cluster. */
  | { readonly kind: "service" }
  /** At a URL, where the control plane runs beside the API server: `https://localhost:15017`. */
  | { readonly kind: "url"; readonly origin: string };

/** What a cluster can do for a mesh, as plain data. */
export interface ClusterFeatures {
  readonly kubernetesVersion: string;
  /** `mesh`: the mesh's own proxy images run; `stock`: an Envoy without the mesh's own filters; `none`: pods are simulated. */
  readonly proxy: "mesh" | "stock" | "none";
  readonly webhooks: WebhookReach;
  /** A Service of type LoadBalancer gets an address. */
  readonly loadBalancer: boolean;
  /** Annotations that make such an address an internal one; absent where the cluster cannot. */
  readonly internalLoadBalancer?: { readonly [annotation: string]: string };
  /** Who installs the Gateway API's CRDs. */
  readonly gatewayApi: { readonly owner: "cluster" | "us" | "none"; readonly version?: string };
  /** The kind of the mesh whose control plane the cloud runs for it; absent: none. */
  readonly managedMesh?: string;
  /** Pods may hold NET_ADMIN, so that an init container can redirect their traffic. */
  readonly netAdmin: boolean;
}

export interface Target {
  readonly cluster: ClusterFeatures;
}

/** A mesh whose options have been checked. */
export interface ConfiguredMesh {
  readonly kind: string;
  readonly version: string;
  /** What it can do on this cluster, as configured. */
  capabilities(target: Target): CapabilityTable;
  /**
   * A plan for an intent whose rules have been checked and whose capabilities this mesh has on this cluster, or every
   * other reason why it cannot be kept.
   * It has exactly one step `workloads`, empty: the place in the order for what the user deploys.
   */
  plan(intent: NormalizedIntent, target: Target): Result<MeshPlan>;
  /** What this mesh needs of the workloads that are deployed with an intent, and they do not have; by default nothing. */
  workloadFaults?(intent: NormalizedIntent, workloads: readonly KubeObject[]): readonly Diagnostic[];
}

/** One mesh. Adding one is a folder in `mesh/adapters/` and a line in `mesh/registry.ts`. */
export interface MeshAdapter {
  readonly title: string;
  readonly lifecycle: Lifecycle;
  /** JSON Schema of the options, for editors and docs/config.schema.json. */
  jsonSchema(): JsonObject;
  /** The forms in which the matrix shows it: a title, and the options that choose the form. At least one. */
  readonly forms: readonly { readonly title: string; readonly options: JsonObject }[];
  /** Checks the mesh section of a stack's config, all keys but `kind`, reporting every fault in it. */
  configure(raw: unknown, at: FieldPath): Result<ConfiguredMesh>;
}
