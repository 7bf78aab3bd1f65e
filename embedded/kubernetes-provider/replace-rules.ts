import type { KindRef } from "../../kube";
import type { ProviderConfig } from "./provider-config";

/** Fields that the API server does not let change; `[]` stands for every item of a list. */
const EVERY_KIND = ["metadata.name", "metadata.namespace"];

const CONTAINER =
  "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext stdin " +
  "stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir";
const POD =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID " +
  "hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates " +
  "restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName " +
  "shareProcessNamespace subdomain terminationGracePeriodSeconds volumes";
const VOLUME =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath " +
  "iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume";

const RULES: Readonly<Record<string, readonly string[]>> = {
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/StatefulSet": below(
    "spec",
    "podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates",
  ),
  "batch/Job": below("spec", "completions parallelism selector template"),
  "policy/PodDisruptionBudget": ["spec"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
  "/ConfigMap": ["binaryData", "data"],
  "/PersistentVolume": below("spec", VOLUME),
  "/PersistentVolumeClaim": ["spec"],
  "/Pod": [
    ...below("spec", POD),
    ...below("spec.containers[]", CONTAINER),
    ...below("spec.initContainers[]", CONTAINER),
  ],
  "/ResourceQuota": ["spec.scopes"],
  "/Secret": ["type", "stringData", "data"],
  "/Service": ["spec.clusterIP"],
};

/** Versions in which the fields could still change. */
const BEFORE = new Set(["policy/v1", "apps/v1beta1/Deployment", "apps/v1beta1/DaemonSet"]);

export type Rule = readonly string[];

/** Paths whose change means a new object, for one kind under one provider's settings. */
export function replaceRules(
  kind: KindRef,
  mutable: Pick<ProviderConfig, "configMapMutable" | "secretMutable">,
): Rule[] {
  const [group, version] = kind.apiVersion.includes("/") ? kind.apiVersion.split("/") : ["", kind.apiVersion];
  const free = BEFORE.has(kind.apiVersion) || BEFORE.has(`${group}/${version}/${kind.kind}`);
  const name = `${group}/${kind.kind}`;
  const own = free ? [] : (RULES[name] ?? []);
  const kept = own.filter((path) => {
    if (name === "/ConfigMap") return !mutable.configMapMutable;
    return !(name === "/Secret" && mutable.secretMutable && path !== "type");
  });
  return [...EVERY_KIND, ...kept].map((path) => path.replaceAll("[]", ".[]").split("."));
}

function below(prefix: string, fields: string): string[] {
  return fields.split(" ").map((field) => `${prefix}.${field}`);
}
