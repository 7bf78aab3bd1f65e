import type { KubeObject } from "../../../../kube";
import type { Block } from "../addresses";
import type { Deployed, NamedPort, Pod } from "./pods";

/**
 * What the user deploys, as the API server has it once it runs: Services, pods with their addresses, and the endpoints
 * of every Service, those of the plan included.
 */
export function workloadObjects(
  all: readonly Deployed[],
  { pods, clusterIps, planned }: { pods: readonly Pod[]; clusterIps: Block; planned: readonly KubeObject[] },
): KubeObject[] {
  const own = all.map((one) => serviceObject(one, clusterIps));
  const services = [
    ...own,
    ...planned.filter((o) => o.kind === "Service"),
  ] as unknown as readonly SelectingService[];
  return [...own, ...pods.map(podObject), ...services.map((service) => endpoints(service, pods))];
}

interface SelectingService {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly selector: { readonly [label: string]: string };
    readonly ports: readonly NamedPort[];
  };
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

function endpoints({ metadata, spec }: SelectingService, pods: readonly Pod[]): KubeObject {
  const { name, namespace } = metadata;
  const selected = pods.filter(
    ({ of, labels }) =>
      of.namespace === namespace &&
      Object.entries(spec.selector).every(([label, value]) => labels[label] === value),
  );
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${name}-0`, namespace, labels: { "kubernetes.io/service-name": name } },
    addressType: "IPv4",
    endpoints: selected.map((pod) => ({
      addresses: [pod.ip],
      conditions: { ready: true },
      nodeName: "node",
      targetRef: { kind: "Pod", name: pod.name, namespace },
    })),
    ports: spec.ports.map(({ name: port, targetPort }) => ({
      name: port,
      port: targetPort,
      protocol: "TCP",
    })),
  };
}

/** A certificate as gateways refer to it. */
export function certificateSecret(
  { name, namespace }: { name: string; namespace: string },
  { certificate, key }: { certificate: string; key: string },
): KubeObject {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace },
    type: "kubernetes.io/tls",
    data: { "tls.crt": base64(certificate), "tls.key": base64(key) },
  };
}
