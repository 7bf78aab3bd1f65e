import { canonical, isJsonObject, type JsonObject } from "../../lib";
import type { KubeObject } from "./types";

const MANAGED_BY = "app.kubernetes.io/managed-by";
export const MANAGER = "meshwright";

/** What an adapter says of an object; the rest of its metadata is added here. */
export interface ObjectSeed {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly spec?: JsonObject;
}

/** A Kubernetes object of ours: labelled as such, its keys in one fixed order. */
export function kubeObject({ apiVersion, kind, spec, ...meta }: ObjectSeed): KubeObject {
  const { name, namespace, annotations } = meta;
  const labels = canonical({ ...meta.labels, [MANAGED_BY]: MANAGER }) as { [key: string]: string };
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...(spec === undefined ? {} : { spec: canonical(spec) }),
  };
}

/** The object marked as managed by us, whatever a chart said of it. */
export function managed(object: KubeObject): KubeObject {
  const { labels } = object.metadata;
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, [MANAGED_BY]: MANAGER } } };
}

/** Whether a value has what every Kubernetes object has: a kind, its API's version, and a name. */
export function isKubeObject(value: JsonObject): value is KubeObject & JsonObject {
  const { apiVersion, kind, metadata } = value;
  const texts = [apiVersion, kind, isJsonObject(metadata) ? metadata["name"] : undefined];
  return texts.every((text) => typeof text === "string" && text !== "");
}
