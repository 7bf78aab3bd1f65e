import type { KindRef } from "../../kube";
import type { ValueMap } from "../plugin";

export interface ResourceKind extends KindRef {
  /** Changes some fields of an object that others own, and takes them back when deleted. */
  readonly patch: boolean;
}

/** The kind behind a resource type such as `kubernetes:apps/v1:Deployment` or `kubernetes:core/v1:NamespacePatch`. */
export function kindOf(type: string, properties: ValueMap): ResourceKind {
  const [, module = "", token = ""] = type.split(":");
  const { apiVersion, kind } = properties;
  const patch = typeof kind === "string" ? token === `${kind}Patch` : token.endsWith("Patch");
  return {
    apiVersion: typeof apiVersion === "string" ? apiVersion : module.replace(/^core\//, ""),
    kind: typeof kind === "string" ? kind : token.replace(patch ? /Patch$/ : /$/, ""),
    patch,
  };
}

/** `PodList` and its like exist in the API only to be read. */
export function isListKind({ apiVersion, kind }: KindRef, properties: ValueMap): boolean {
  return kind.endsWith("List") && Array.isArray(properties["items"]) && !apiVersion.includes(".");
}

export const isSecret = ({ apiVersion, kind }: KindRef): boolean => apiVersion === "v1" && kind === "Secret";
export const isCrd = ({ apiVersion, kind }: KindRef): boolean =>
  apiVersion.startsWith("apiextensions.k8s.io/") && kind === "CustomResourceDefinition";

/** Kinds of Kubernetes itself that belong to no namespace: known without asking, so that `check` needs no cluster. */
const CLUSTER_SCOPED: Readonly<Record<string, readonly string[]>> = {
  "": ["ComponentStatus", "Namespace", "Node", "PersistentVolume"],
  "admissionregistration.k8s.io": [
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
  ],
  "apiextensions.k8s.io": ["CustomResourceDefinition"],
  "apiregistration.k8s.io": ["APIService"],
  "certificates.k8s.io": ["CertificateSigningRequest", "ClusterTrustBundle"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
  "internal.apiserver.k8s.io": ["StorageVersion"],
  "networking.k8s.io": ["IngressClass", "IPAddress", "ServiceCIDR"],
  "node.k8s.io": ["RuntimeClass"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "resource.k8s.io": ["DeviceClass", "ResourceSlice"],
  "scheduling.k8s.io": ["PriorityClass"],
  "storage.k8s.io": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
};
/** Groups of Kubernetes itself all of whose other kinds are namespaced. */
const OWN_GROUPS = new Set([
  ...Object.keys(CLUSTER_SCOPED),
  "apps",
  "autoscaling",
  "batch",
  "coordination.k8s.io",
]);
for (const group of ["discovery.k8s.io", "events.k8s.io", "policy", "extensions"]) OWN_GROUPS.add(group);

/** Whether a kind of Kubernetes itself is namespaced; undefined for custom resources: the cluster must be asked. */
export function isNamespaced({ apiVersion, kind }: KindRef): boolean | undefined {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  return OWN_GROUPS.has(group) ? !(CLUSTER_SCOPED[group] ?? []).includes(kind) : undefined;
}
