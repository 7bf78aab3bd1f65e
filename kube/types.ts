/** What every stored object carries in `metadata`. Times are RFC 3339. */
export interface ObjectMeta {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly [key: string]: unknown;
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [key: string]: unknown;
}

/** `apiVersion` is `v1` or `<group>/<version>`. */
export interface KindRef {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Names one object. `namespace` is ignored for cluster-scoped kinds and defaults to `default` for the others. */
export interface ObjectRef extends KindRef {
  readonly name: string;
  readonly namespace?: string;
  /** `status`, `scale`, `binding`, `token`, … */
  readonly subresource?: string;
}

/** Selects objects of one kind; without `namespace`, in all of them. Selectors are in the API's own syntax. */
export interface ListQuery extends KindRef {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface KubeList {
  readonly metadata: { readonly resourceVersion?: string };
  readonly items: readonly KubeObject[];
}

export interface WatchEvent {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
}

/** How a write is made. */
export interface WriteMode {
  /** Who owns the fields. */
  readonly fieldManager: string;
  /** Take fields over from other managers instead of failing with a conflict (server-side apply only). */
  readonly force?: boolean;
  /** Let the API server validate and default the object without storing it. */
  readonly dryRun?: boolean;
}

export interface DeleteMode {
  readonly propagation: "Background" | "Foreground" | "Orphan";
  readonly gracePeriodSeconds?: number;
  /** Delete only if the object still has this uid. */
  readonly uid?: string;
}

/** A kind as the API server serves it. */
export interface ResourceType extends KindRef {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}
