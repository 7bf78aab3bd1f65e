import { runningPods } from "../embedded/node/exec";
import { connectionOf, KubeClient, loadKubeconfig } from "../kube";
import type { ClusterAccess, ConfiguredCluster } from "../providers/types";

/** One pod as people ask for it: what runs in it, and whether it really runs. */
export interface StandingPod {
  readonly namespace: string;
  readonly name: string;
  readonly containers: readonly string[];
  readonly ready: boolean;
  readonly simulated: boolean;
}

/** What stands in one cluster of a stack. */
export interface Standing {
  readonly cluster: string;
  readonly kind: string;
  readonly kubernetesVersion: string;
  readonly kubeconfig: string;
  readonly pods: readonly StandingPod[];
}

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: {
    readonly containers: readonly { readonly name: string }[];
    readonly initContainers?: readonly { readonly name: string; readonly restartPolicy?: string }[];
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

function standingPod(pod: Pod, runs: (key: string) => boolean): StandingPod {
  const { name, namespace = "default" } = pod.metadata;
  const sidecars = (pod.spec.initContainers ?? []).filter((c) => c.restartPolicy === "Always");
  return {
    namespace,
    name,
    containers: [...pod.spec.containers, ...sidecars].map((container) => container.name).sort(),
    ready: (pod.status?.conditions ?? []).some((c) => c.type === "Ready" && c.status === "True"),
    simulated: !runs(`${namespace}/${name}`),
  };
}

/** Pods of this machine's clusters that run as processes; elsewhere every pod is real. */
function runner(access: ClusterAccess): (key: string) => boolean {
  if (access.kind === "kubeconfig") return () => true;
  const running = runningPods(access.cluster.name);
  return (key) => Object.hasOwn(running, key);
}

/** Asks the API server what stands; `undefined` where the cluster is known at deploy time only. */
export async function standing(name: string, cluster: ConfiguredCluster): Promise<Standing | undefined> {
  const { access } = cluster;
  if (access === undefined) return undefined;
  const path = access.kind === "embedded" ? access.cluster.kubeconfig : access.path;
  const kube = new KubeClient(
    connectionOf(loadKubeconfig(path), access.kind === "kubeconfig" ? access.context : undefined),
  );
  try {
    const { items } = await kube.list({ apiVersion: "v1", kind: "Pod" });
    const pods = items.map((item) => standingPod(item as unknown as Pod, runner(access)));
    const kubernetesVersion = cluster.features.kubernetesVersion;
    return { cluster: name, kind: cluster.kind, kubernetesVersion, kubeconfig: path, pods };
  } finally {
    kube.close();
  }
}
