import type { Props } from "./direct";

export const NAMESPACE = "kubernetes:core/v1:Namespace";
export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
export const SECRET = "kubernetes:core/v1:Secret";
export const SERVICE = "kubernetes:core/v1:Service";
export const POD = "kubernetes:core/v1:Pod";
export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
export const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";
export const JOB = "kubernetes:batch/v1:Job";
export const CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";

/** No node has this label: pods that ask for it stay Pending. */
export const NOWHERE = { nodeSelector: { "example.com/nowhere": "x" } };

export function meta(namespace: string, name: string, annotations?: Record<string, string>): Props {
  return { namespace, name, ...(annotations && { annotations }) };
}

export function configMap(namespace: string, name: string, data: Props = { a: "1" }): Props {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: meta(namespace, name), data };
}

export function podSpec(extra: Props = {}): Props {
  return { containers: [{ name: "c", image: "example.com/nobody/knows:this" }], ...extra };
}

/** A workload whose pods are labelled `app: <name>`. */
export function workload(kind: string, metadata: Props, spec: Props = {}, pods: Props = {}): Props {
  const labels = { app: metadata["name"] };
  return {
    apiVersion: "apps/v1",
    kind,
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(pods) },
      ...spec,
    },
  };
}

export function job(metadata: Props, spec: Props = {}, pods: Props = {}): Props {
  const template = { spec: podSpec({ restartPolicy: "Never", ...pods }) };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template, ...spec } };
}

export function crd(group: string): Props {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `gadgets.${group}` },
    spec: {
      group,
      names: { kind: "Gadget", plural: "gadgets" },
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}
