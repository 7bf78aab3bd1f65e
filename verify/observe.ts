import { isNotFound, UnknownKindError, type KubeClient, type KubeObject } from "../kube";
import { findIstiod, proxySyncs, tokenFor, type Istiod } from "./istiod";
import type { Reach } from "./reach";
import type { Expected, Observed, PodFacts } from "./types";
import { fetchProxyConfig } from "./xds/client";
import { identityOf, type ProxyIdentity } from "./xds/identity";
import type { ProxyConfig } from "./xds/types";

const AT_ONCE = 8;

/**
 * Reads the pods and policies of a cluster, and asks its istiod as the proxy of each workload would.
 * Throws when the API server or istiod cannot be asked; the message says which and why.
 */
export async function observe(kube: KubeClient, expected: Expected, reach: Reach): Promise<Observed> {
  const { items } = await kube.list({ apiVersion: "v1", kind: "Pod" });
  const living = items.filter(isLiving);
  const istiod = await findIstiod(kube, expected.rootNamespace, reach);
  const identities = onePerWorkload(living.flatMap((pod) => identityOf(pod) ?? []));
  return {
    proxies: await inBatches(identities, (identity) => ask(kube, istiod, identity)),
    pods: living.map(factsOf),
    peerAuthentications: await listed(kube, {
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
    }),
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
