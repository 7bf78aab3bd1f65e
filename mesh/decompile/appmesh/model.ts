import type { Draft, DraftService, Place } from "../draft";
import type { Field } from "../field";
import type { Item, Manifests } from "../manifests";

export const GROUP = "appmesh.k8s.aws";

/** What a virtual node is in an intent: a service, or one version of it. */
export interface NodeMeaning {
  readonly service: DraftService;
  readonly version?: string;
}

/** The objects of a mesh by `namespace/name`, and what is known of them. */
export interface AppMesh {
  readonly draft: Draft;
  readonly manifests: Manifests;
  readonly nodes: ReadonlyMap<string, Item>;
  readonly routers: ReadonlyMap<string, Item>;
  readonly services: ReadonlyMap<string, Item>;
  readonly meanings: Map<string, NodeMeaning>;
  /** Services by the virtual service that callers know them by. */
  readonly called: Map<string, DraftService>;
}

export function keyOf({ namespace, name }: Place): string {
  return `${namespace}/${name}`;
}

export function byKey(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

/** The key of what a reference names; what is named by its ARN is not among the manifests. */
export function reference(field: Field, namespace: string): string | undefined {
  const name = field.get("name").text();
  return name === undefined
    ? undefined
    : keyOf({ namespace: field.get("namespace").text() ?? namespace, name });
}

/** What callers call a virtual service: its name in App Mesh. */
export function hostOf({ spec, name, namespace }: Item): string {
  return spec.get("awsName").text() ?? `${name}.${namespace}`;
}

/** The Kubernetes service that a host stands for: `cart.shop.svc.cluster.local`, or `cart.shop`. */
export function placeOf(host: string): Place | undefined {
  const [name, namespace, svc, ...domain] = host.split(".");
  if (name === undefined || namespace === undefined || name === "" || namespace === "") return undefined;
  if (svc !== undefined && (svc !== "svc" || domain.length === 0)) return undefined;
  return { name, namespace };
}

/** Milliseconds of App Mesh's form of a length of time. */
export function durationMs(field: Field): number | undefined {
  const value = field.get("value").number();
  const unit = field.get("unit").word("s", "ms");
  if (value === undefined || unit === undefined || value < 0) return undefined;
  return Math.round(unit === "s" ? value * 1000 : value);
}
