import { errorAt, groupBy, isJsonObject, type Diagnostic, type Json, type JsonObject } from "../../lib";
import { nameObject } from "../plan/identity";
import type { KubeObject } from "../plan/types";
import type { NormalizedIntent, Service } from "./types";

/** What makes pods, of which this knows the pods' template. */
const POD_MAKERS = new Set(["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod"]);

/**
 * Where an intent and the workloads deployed with it tell different stories of a service: policies would hold for no
 * pod, callers would be known by another identity. Services that the workloads do not have are not looked at.
 */
export function disagreements(intent: NormalizedIntent, workloads: readonly KubeObject[]): Diagnostic[] {
  const byPlace = new Map(
    workloads
      .filter((o) => o.kind === "Service")
      .map((o) => [`${o.metadata.namespace}/${o.metadata.name}`, o]),
  );
  const makers = groupBy(
    workloads.filter((o) => POD_MAKERS.has(o.kind)),
    (o) => o.metadata.namespace,
  );
  return intent.services.flatMap((service) => {
    const object = byPlace.get(service.key);
    if (object === undefined) return [];
    const selector = field(object, "spec", "selector");
    const pods = (makers.get(service.namespace) ?? []).filter((o) => hasAll(labelsOf(o), selector));
    return [...portFaults(service, object), ...pods.flatMap((pod) => podFaults(service, pod))];
  });
}

function portFaults(service: Service, object: KubeObject): Diagnostic[] {
  const ports = field(object, "spec", "ports");
  const written = (Array.isArray(ports) ? ports : []).filter(isJsonObject);
  return service.ports.flatMap(({ port, targetPort }) => {
    const found = written.find((p) => p["port"] === port);
    const actual = found?.["targetPort"] ?? port;
    // A target by name can only be told by the pods, which may differ.
    if (found !== undefined && (typeof actual === "string" || actual === targetPort)) return [];
    const message =
      found === undefined
        ? `${nameObject(object)} of the workloads has no port ${port}`
        : `${nameObject(object)} of the workloads leads port ${port} to port ${JSON.stringify(actual)} of the pods, not ${targetPort}`;
    return [errorAt([...service.at, "ports"], { code: "workload-port", message })];
  });
}

function podFaults(service: Service, pod: KubeObject): Diagnostic[] {
  const account = field(pod, ...specPath(pod), "serviceAccountName") ?? "default";
  const faults: Diagnostic[] = [];
  if (!hasAll(labelsOf(pod), service.selector)) {
    const message = `pods of ${nameObject(pod)} belong to the service and do not carry the labels of its selector`;
    const hint = "policies find pods by them: write the selector that the pods' labels fit";
    faults.push(errorAt([...service.at, "selector"], { code: "workload-selector", message, hint }));
  }
  if (account !== service.serviceAccount) {
    const message = `pods of ${nameObject(pod)} run as service account ${JSON.stringify(account)}, not ${service.serviceAccount}`;
    const hint = "access knows callers by it: make the two the same";
    faults.push(errorAt([...service.at, "serviceAccount"], { code: "workload-identity", message, hint }));
  }
  return faults;
}

function specPath({ kind }: KubeObject): string[] {
  return kind === "Pod" ? ["spec"] : ["spec", "template", "spec"];
}

function labelsOf(pod: KubeObject): Json | undefined {
  return pod.kind === "Pod"
    ? field(pod, "metadata", "labels")
    : field(pod, "spec", "template", "metadata", "labels");
}

/** Whether labels hold all of a selector, which must say something. */
function hasAll(labels: Json | undefined, selector: Json | undefined): boolean {
  if (!isJsonObject(selector) || Object.keys(selector).length === 0) return false;
  return isJsonObject(labels) && Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function field(object: KubeObject, ...path: string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (at, key) => (isJsonObject(at) ? at[key] : undefined),
    object as JsonObject,
  );
}
