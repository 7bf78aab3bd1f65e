import type { EmbeddedCluster } from "./types";

/** Nodes with this label are simulated: what runs there does not really run. */
export const SIMULATED_LABEL = "meshwright.dev/simulated";
const ZONES = ["simulated-a", "simulated-b"];

export interface BootstrapObject {
  readonly path: string;
  readonly object: object;
}

/** What a cluster needs in its API before it can run pods. */
export function bootstrapObjects(cluster: EmbeddedCluster): BootstrapObject[] {
  return [kwokRole(), kwokBinding(), ...ZONES.map((zone, index) => simulatedNode(cluster, zone, index))];
}

export function simulatedNodeNames(cluster: { readonly name: string }): string[] {
  return ZONES.map((_, index) => `${cluster.name}-simulated-${index}`);
}

function kwokRole(): BootstrapObject {
  const rule = (apiGroup: string, resources: string[], verbs: string[]) => ({
    apiGroups: [apiGroup],
    resources,
    verbs,
  });
  const read = ["get", "list", "watch"];
  return {
    path: "/apis/rbac.authorization.k8s.io/v1/clusterroles/meshwright:kwok",
    object: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "meshwright:kwok" },
      rules: [
        rule("", ["nodes"], read),
        rule("", ["nodes/status", "pods/status"], ["patch", "update"]),
        rule("", ["pods"], [...read, "delete", "patch", "update"]),
        rule("", ["events"], ["create", "patch", "update"]),
        rule("coordination.k8s.io", ["leases"], [...read, "create", "patch", "update"]),
      ],
    },
  };
}

function kwokBinding(): BootstrapObject {
  return {
    path: "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/meshwright:kwok",
    object: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "meshwright:kwok" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "meshwright:kwok" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "meshwright:kwok" }],
    },
  };
}

function simulatedNode(cluster: EmbeddedCluster, zone: string, index: number): BootstrapObject {
  const name = `${cluster.name}-simulated-${index}`;
  return {
    path: `/api/v1/nodes/${name}`,
    object: {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name,
        annotations: { "kwok.x-k8s.io/node": "fake" },
        labels: {
          [SIMULATED_LABEL]: "true",
          "kubernetes.io/hostname": name,
          "kubernetes.io/os": "linux",
          "kubernetes.io/arch": process.arch === "arm64" ? "arm64" : "amd64",
          "topology.kubernetes.io/region": "simulated",
          "topology.kubernetes.io/zone": zone,
        },
      },
      spec: { podCIDR: simulatedPodCidr(cluster, index) },
    },
  };
}

/** The simulated /18 as one /19 for each of the two nodes. */
function simulatedPodCidr(cluster: EmbeddedCluster, index: number): string {
  const [a, b, c] = cluster.network.simulatedRange.split(/[./]/).map(Number);
  return `${a}.${b}.${(c ?? 0) + 32 * index}.0/19`;
}

/** The node whose pods really run, as processes. */
export function processNodeName(cluster: { readonly name: string }): string {
  return `${cluster.name}-process-0`;
}
