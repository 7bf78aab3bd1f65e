import type { Container, FieldRef, Pod, ResourceFieldRef } from "./k8s";

/** Facts of the node and the pod that the downward API shows beside the pod object itself. */
export interface PodFacts {
  readonly podIp: string;
  readonly hostIp: string;
  readonly cpus: number;
  readonly memoryBytes: number;
}

const asLines = (map: Readonly<Record<string, string>> | undefined): string =>
  Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join("\n");

/** The value of a downward API field; throws where the path is none that Kubernetes has. */
export function fieldValue(ref: FieldRef, pod: Pod, facts: PodFacts): string {
  const path = ref.fieldPath;
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed !== null) return pod.metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2] ?? ""] ?? "";
  const values: Readonly<Record<string, string>> = {
    "metadata.name": pod.metadata.name,
    "metadata.namespace": pod.metadata.namespace,
    "metadata.uid": pod.metadata.uid,
    "metadata.labels": asLines(pod.metadata.labels),
    "metadata.annotations": asLines(pod.metadata.annotations),
    "spec.nodeName": pod.spec.nodeName ?? "",
    "spec.serviceAccountName": pod.spec.serviceAccountName ?? "default",
    "status.hostIP": facts.hostIp,
    "status.hostIPs": facts.hostIp,
    "status.podIP": facts.podIp,
    "status.podIPs": facts.podIp,
  };
  const value = values[path];
  if (value === undefined) throw new Error(`fieldRef ${path} is not a field of the downward API`);
  return value;
}

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity as a number: `500m` → 0.5, `1Gi` → 1073741824. */
export function quantity(text: string): number {
  const match = /^([+-]?[\d.]+(?:e[+-]?\d+)?)([a-zA-Z]*)$/i.exec(text.trim());
  const unit = UNITS[match?.[2] ?? ""];
  if (match === null || unit === undefined) throw new Error(`${text} is not a Kubernetes quantity`);
  return Number(match[1]) * unit;
}

/** A container's resource, rounded up to whole divisors; limits that are not set are the machine's own. */
export function resourceValue(ref: ResourceFieldRef, container: Container, facts: PodFacts): string {
  const [kind = "", resource = ""] = ref.resource.split(".");
  const declared = kind === "limits" ? container.resources?.limits : container.resources?.requests;
  const machine: Readonly<Record<string, number>> = { cpu: facts.cpus, memory: facts.memoryBytes };
  const own = declared?.[resource];
  const value = own !== undefined ? quantity(own) : kind === "limits" ? (machine[resource] ?? 0) : 0;
  const divisor = quantity(ref.divisor === undefined || ref.divisor === "0" ? "1" : ref.divisor);
  return String(Math.ceil(value / divisor - 1e-9));
}
