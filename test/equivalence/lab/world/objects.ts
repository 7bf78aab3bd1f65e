import type { KubeObject } from "../../../../kube";
import type { Block } from "../addresses";
import type { Deployed, Pod } from "./pods";

/** What the user deploys, as the API server has it once it runs: Services, pods with their addresses, endpoints. */
export function workloadObjects(
  all: readonly Deployed[],
  { pods, clusterIps }: { pods: readonly Pod[]; clusterIps: Block },
): KubeObject[] {
  return [
    ...all.map((one) => serviceObject(one, clusterIps)),
    ...pods.map(podObject),
    ...all.map((one) =>
      endpoints(
        one,
        pods.filter((p) => p.of === one),
      ),
    ),
  ];
}

function serviceObject({ name, namespace, ports, selector }: Deployed, clusterIps: Block): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    // The address is ours to choose, so that the same intent has the same addresses in every run.
    spec: { clusterIP: clusterIps.of(`${namespace}/${name}`), selector, ports },
  };
}

function podObject({ of, name, labels, ip }: Pod): KubeObject {
  const { namespace, role, serviceAccount, ports } = of;
  const containerPorts = [...new Set(ports.map((p) => p.targetPort))].map((containerPort) => ({
    containerPort,
  }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { ...labels, ...injected(role) } },
    spec: {
      serviceAccountName: serviceAccount,
      nodeName: "node",
      containers: [{ name: role === "router" ? "istio-proxy" : "app", image: "app", ports: containerPorts }],
    },
    status: {
      phase: "Running",
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
}

/** The label by which the injector says that a sidecar takes the mesh's mutual TLS. */
export function injected(role: Deployed["role"]): { readonly [label: string]: string } {
  return role === "sidecar" ? { "security.istio.io/tlsMode": "istio" } : {};
}

function endpoints({ name, namespace, ports }: Deployed, pods: readonly Pod[]): KubeObject {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${name}-0`, namespace, labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    endpoints: pods.map((pod) => ({
      addresses: [pod.ip],
      conditions: { ready: true },
      nodeName: "node",
      targetRef: { kind: "Pod", name: pod.name, namespace },
    })),
    ports: ports.map(({ name: port, targetPort }) => ({ name: port, port: targetPort, protocol: "TCP" })),
  };
}
