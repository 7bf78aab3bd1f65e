import type { Diagnostic, Json, JsonObject } from "../../lib";

/**
 * A value known only at deploy time, by the name of an entry in the `values` handed to the component.
 * `components/refs.ts` is the only place that turns one into an Output.
 */
export interface Ref {
  readonly $ref: string;
  /** The value is a secret: it is kept out of logs, goldens and exports. */
  readonly secret?: true;
}

/** A Kubernetes object as it will be applied. Values inside may be `Ref`s, which are plain JSON too. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: { readonly [key: string]: string };
    readonly annotations?: { readonly [key: string]: string };
  };
  readonly [field: string]: Json | undefined;
}

/**
 * Where a chart comes from. `bundled` is the copy that the tool installer keeps of the pinned version,
 * under the asset's name.
 */
export type ChartSource =
  | { readonly kind: "bundled"; readonly asset: string }
  | { readonly kind: "repository"; readonly url: string }
  | { readonly kind: "oci"; readonly registry: string }
  /** A folder of charts, one folder each; a relative path starts at the folder of the stack's config. */
  | { readonly kind: "folder"; readonly path: string };

export interface Chart {
  /** Name of the chart in its source: `istiod`. */
  readonly chart: string;
  readonly version: string;
  readonly source: ChartSource;
  readonly release: string;
  readonly namespace: string;
  readonly values: JsonObject;
}

/** Something outside Kubernetes that a mesh needs: `aws:appmesh/mesh:Mesh`. */
export interface CloudResource {
  readonly type: string;
  readonly name: string;
  readonly properties: JsonObject;
}

export type StepAction =
  | { readonly kind: "objects"; readonly objects: readonly KubeObject[] }
  | { readonly kind: "chart"; readonly chart: Chart }
  | { readonly kind: "cloudResources"; readonly resources: readonly CloudResource[] };

/** What must hold before a step's dependants start. */
export type Readiness =
  /** The API server accepted the objects. */
  | "applied"
  /** Workloads rolled out, CRDs established, namespaces active: what the provider awaits per kind. */
  | "ready";

/** One unit of order: created after `dependsOn`, destroyed before them, a sync wave in GitOps exports. */
export interface Step {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly readiness: Readiness;
  readonly do: StepAction;
}

/** What a plan asks of the cluster; a provider offers it or the plan is refused. Neither names the other. */
export type FeatureRequest =
  | { readonly kind: "webhookPorts"; readonly ports: readonly number[] }
  | { readonly kind: "loadBalancer"; readonly exposure: "public" | "internal" }
  | { readonly kind: "gatewayApi"; readonly channel: "standard" | "experimental" }
  /** A control plane that the cloud runs, with what must be set where it is turned on. */
  | {
      readonly kind: "managedMesh";
      /** By the kind that a config names it with. */
      readonly mesh: string;
      /** Its revisions; two while the newer takes over from the older. */
      readonly revisions: readonly string[];
      /** Gateways that the cloud runs too. */
      readonly gateways: readonly ("public" | "internal")[];
      /** Who signs; absent: whoever does by itself. */
      readonly certificateAuthority?: JsonObject;
    };

/**
 * Annotations that an object of the user's must carry for the plan to hold. Objects among the workloads get them;
 * whoever deploys others is told.
 */
export interface Mark {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly annotations: { readonly [name: string]: string };
}

export interface MeshPlan {
  readonly mesh: { readonly kind: string; readonly version: string; readonly mode: string };
  readonly clusterFeatures: readonly FeatureRequest[];
  readonly steps: readonly Step[];
  /** Absent: none. */
  readonly marks?: readonly Mark[];
  readonly outputs: { readonly [name: string]: Json };
  readonly warnings: readonly Diagnostic[];
}
