import { isNotFound, UnknownKindError, type KubeClient, type KubeObject } from "../kube";
import { findIstiod, proxySyncs, tokenFor, type Istiod } from "./istiod";
import type { Reach, Reachable } from "./reach";
import type { Expected, Observed, PodFacts } from "./types";
import { fetchProxyConfig } from "./xds/client";
import { identityOf, type ProxyIdentity } from "./xds/identity";
import type { ProxyConfig } from "./xds/types";

const AT_ONCE = 8;

/**
 * Reads the pods and policies of a cluster and, where istiod can be reached, asks it as the proxy of each workload would.
 * Throws when the API server or istiod cannot be asked; the message says which and why.
 */
export async function observe(kube: KubeClient, expected: Expected, reachable: Reachable): Promise<Observed> {
  const { items } = await kube.list({ apiVersion: "v1", kind: "Pod" });
  const living = items.filter(isLiving);
  const pods = living.map(factsOf);
  const peerAuthentications = await listed(kube, {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
  });
  if ("not" in reachable)
    return { pods, peerAuthentications, proxies: [], syncs: { unknown: reachable.not } };
  const identities = onePerWorkload(living.flatMap((pod) => identityOf(pod) ?? []));
  return {
    pods,
    peerAuthentications,
    ...(await askAll({ kube, expected, reach: reachable.pods }, identities)),
  };
}

interface Asking {
  readonly kube: KubeClient;
  readonly expected: Expected;
  readonly reach: Reach;
}

async function askAll({ kube, expected, reach }: Asking, identities: readonly ProxyIdentity[]) {
  const istiod = await findIstiod(kube, expected, reach);
  return {
    proxies: await inBatches(identities, (identity) => ask(kube, istiod, identity)),
    syncs: await proxySyncs(kube, istiod, reach).catch((error: unknown) => ({
      unknown: (error as Error).message,
    })),
  };
}

function isLiving(pod: KubeObject): boolean {
  const phase = (pod["status"] as { readonly phase?: string } | undefined)?.phase;
  return phase !== "Succeeded" && phase !== "Failed" && pod.metadata.deletionTimestamp === undefined;
}

function factsOf(pod: KubeObject): PodFacts {
  const { namespace = "", name = "", labels = {} } = pod.metadata;
  const ip = (pod["status"] as { readonly podIP?: string } | undefined)?.podIP ?? "";
  return { namespace, name, ip, labels, meshed: identityOf(pod) !== undefined };
}

/** Pods with the same identity and labels get the same configuration. */
function onePerWorkload(identities: readonly ProxyIdentity[]): ProxyIdentity[] {
  const key = (i: ProxyIdentity) =>
    JSON.stringify([i.role, i.namespace, i.serviceAccount, Object.entries(i.labels).sort()]);
  return [...new Map(identities.map((identity) => [key(identity), identity])).values()];
}

async function ask(kube: KubeClient, istiod: Istiod, identity: ProxyIdentity): Promise<ProxyConfig> {
  const token = await tokenFor(kube, { namespace: identity.namespace, name: identity.serviceAccount });
  return fetchProxyConfig(istiod.server, { identity, token });
}

async function inBatches<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(run))));
  }
  return results;
}

/** None where the cluster does not know the kind. */
async function listed(
  kube: KubeClient,
  kind: { apiVersion: string; kind: string },
): Promise<readonly KubeObject[]> {
  try {
    return (await kube.list(kind)).items;
  } catch (error) {
    if (error instanceof UnknownKindError || isNotFound(error)) return [];
    throw error;
  }
}
