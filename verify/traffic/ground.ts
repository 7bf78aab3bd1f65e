import { execInPod, runningPods } from "../../embedded/node/exec";
import type { KubeClient } from "../../kube";
import type { Service } from "../../mesh/intent/types";
import { servicesOf } from "../expect/workloads";
import type { Istiod } from "../istiod";
import type { Expected } from "../types";
import { identityOf } from "../xds/identity";

/** A pod whose containers really run on this machine. */
export interface LivePod {
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
  readonly labels: { readonly [key: string]: string };
  readonly serviceAccount: string;
  readonly role: "sidecar" | "router";
  readonly services: readonly Service[];
}

/** What requests are sent with, from and to. */
export interface Ground {
  /** Name of the embedded cluster. */
  readonly cluster: string;
  readonly kube: KubeClient;
  readonly istiod: Istiod;
  readonly expected: Expected;
  /** Pods with a proxy. */
  readonly pods: readonly LivePod[];
}

/** The pods with a proxy that the process node runs. */
export async function livePods(cluster: string, kube: KubeClient, expected: Expected): Promise<LivePod[]> {
  const running = runningPods(cluster);
  const { items } = await kube.list({ apiVersion: "v1", kind: "Pod" });
  return items.flatMap((item): LivePod[] => {
    const identity = identityOf(item);
    const { namespace = "", name = "", labels = {} } = item.metadata;
    const live = running[`${namespace}/${name}`];
    if (identity === undefined || live === undefined || item.metadata.deletionTimestamp !== undefined)
      return [];
    const { serviceAccount, role } = identity;
    const services = servicesOf(expected.intent, { namespace, labels });
    return [{ namespace, name, ip: live.podIp, labels, serviceAccount, role, services }];
  });
}

/** The first pod of a service, if any of them really runs. */
export function podOfService(ground: Ground, service: Service): LivePod | undefined {
  return ground.pods.find((pod) => pod.services.some((s) => s.key === service.key));
}

/** Runs a command in a pod's container, by default the application's. Throws with its output if it fails. */
export async function runIn(
  ground: Ground,
  pod: LivePod,
  command: { readonly argv: readonly string[]; readonly container?: string; readonly input?: string },
): Promise<string> {
  const result = await execInPod(ground.cluster, pod, { ...command, timeoutMs: 90_000 });
  if (result.code === 0) return result.stdout;
  const [program = ""] = command.argv;
  throw new Error(
    `${program} in ${pod.namespace}/${pod.name} ended with ${result.code}: ${result.stderr.slice(-300)}`,
  );
}
