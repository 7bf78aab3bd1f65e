import type { JsonObject, Json } from "../../lib";
import type { KubeObject } from "../../kube";

/** As which proxy a client asks istiod. */
export interface ProxyIdentity {
  readonly role: "sidecar" | "router";
  readonly namespace: string;
  readonly pod: string;
  readonly serviceAccount: string;
  readonly labels: { readonly [key: string]: string };
  /** `<role>~<pod IP>~<pod>.<namespace>~<namespace>.svc.<domain>` */
  readonly nodeId: string;
  readonly metadata: JsonObject;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}
interface PodSpec {
  readonly serviceAccountName?: string;
  readonly nodeName?: string;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly Container[];
}

const PROXY = "istio-proxy";
const META = "ISTIO_META_";

/**
 * The identity with which the proxy of a pod would introduce itself, read from its injected container as pilot-agent
 * reads it from the environment. Undefined if the pod has no Istio proxy or no address yet.
 */
export function identityOf(pod: KubeObject): ProxyIdentity | undefined {
  const spec = pod["spec"] as PodSpec;
  const podIp = (pod["status"] as { readonly podIP?: string } | undefined)?.podIP;
  const proxy = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].find((c) => c.name === PROXY);
  if (proxy === undefined || podIp === undefined) return undefined;
  const { name = "", namespace = "", labels = {} } = pod.metadata;
  const serviceAccount = spec.serviceAccountName ?? "default";
  const role = proxy.args?.[1] === "router" ? "router" : "sidecar";
  const domain =
    argument(proxy, "--domain")?.replace("$(POD_NAMESPACE)", namespace) ?? `${namespace}.svc.cluster.local`;
  return {
    role,
    namespace,
    pod: name,
    serviceAccount,
    labels,
    nodeId: `${role}~${podIp}~${name}.${namespace}~${domain}`,
    metadata: {
      ...environment(proxy),
      ...version(proxy),
      NAME: name,
      NAMESPACE: namespace,
      SERVICE_ACCOUNT: serviceAccount,
      LABELS: labels,
      INSTANCE_IPS: podIp,
      NODE_NAME: spec.nodeName ?? "",
    },
  };
}

function argument(container: Container, flag: string): string | undefined {
  const at = container.args?.indexOf(flag) ?? -1;
  return at < 0 ? undefined : container.args?.[at + 1];
}

function environment(proxy: Container): JsonObject {
  const entries = (proxy.env ?? []).flatMap(({ name, value }): [string, Json][] => {
    if (value === undefined) return [];
    if (name.startsWith(META))
      return [[name.slice(META.length), name === `${META}POD_PORTS` ? value.trim() : value]];
    return [];
  });
  return { CLUSTER_ID: "Kubernetes", ...Object.fromEntries(entries) };
}

/** A tag that is a version decides which features istiod uses; without one it assumes a proxy as new as itself. */
function version(proxy: Container): JsonObject {
  const tag = /:(\d+\.\d+\.\d+[\w.-]*)$/.exec(proxy.image)?.[1];
  return tag === undefined ? {} : { ISTIO_VERSION: tag };
}
