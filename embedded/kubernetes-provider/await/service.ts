import type { KubeObject } from "../../../kube";
import { info, inNamespace, type Assessment, type Awaiter, type View } from "./types";

interface ServiceParts {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>> | null;
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

interface SliceParts {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
}

/** Ready when it directs traffic to at least one pod, and has an address if it is a load balancer. */
export const service: Awaiter = {
  timeoutSeconds: 600,
  start: "[1/3] Finding Pods to direct traffic to",
  done: "Service initialization complete",
  related,
  assess,
};

function assess({ object, related }: View): Assessment {
  const { spec = {}, status = {} } = object as unknown as ServiceParts;
  const balanced = spec.type !== "LoadBalancer" || (status.loadBalancer?.ingress ?? []).length > 0;
  const targets = !needsPods(object) || related.some(hasReadyEndpoint);
  if (balanced && targets) return { ready: true };
  const problems = [
    ...(targets
      ? []
      : [
          "Service does not target any Pods. Selected Pods may not be ready, or " +
            "field '.spec.selector' may not match labels on any Pods",
        ]),
    ...(balanced ? [] : ["Service was not allocated an IP address; does your cloud provider support this?"]),
  ];
  return {
    ready: false,
    status: targets ? [info("[2/3] Attempting to allocate IP address to Service")] : [],
    problems,
  };
}

/** Headless and external services, and those whose endpoints someone else writes, are not judged by pods. */
function needsPods(object: KubeObject): boolean {
  const { spec = {} } = object as unknown as ServiceParts;
  const selects = Object.keys(spec.selector ?? {}).length > 0;
  return selects && spec.type !== "ExternalName" && spec.clusterIP !== "None";
}

function hasReadyEndpoint(slice: KubeObject): boolean {
  const { endpoints } = slice as unknown as SliceParts;
  return (endpoints ?? []).some((endpoint) => endpoint.conditions?.ready !== false);
}

function related(object: KubeObject): ReturnType<NonNullable<Awaiter["related"]>> {
  if (!needsPods(object)) return undefined;
  const labelSelector = `kubernetes.io/service-name=${object.metadata.name ?? ""}`;
  return { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", labelSelector, ...inNamespace(object) };
}
