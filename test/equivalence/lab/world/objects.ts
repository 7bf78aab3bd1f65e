import type { KubeObject } from "../../../../kube";
import type { NormalizedIntent, Service } from "../../../../mesh/intent/types";
import { clusterIp } from "../addresses";
import type { Pod } from "./pods";

/** What the user deploys, as the API server has it once it runs: Services, pods with their addresses, endpoints. */
export function workloadObjects(intent: NormalizedIntent, pods: readonly Pod[]): KubeObject[] {
  return [
    ...intent.services.map((service, i) => serviceObject(service, i)),
    ...pods.map(podObject),
    ...intent.services.map((service) =>
      endpoints(
        service,
        pods.filter((p) => p.service === service),
      ),
    ),
  ];
}

function serviceObject({ name, namespace, ports, selector }: Service, index: number): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: {
      // Ours to choose, so that the same intent has the same addresses in every run.
      clusterIP: clusterIp(index),
      selector,
      ports: ports.map(({ port, targetPort, protocol }) => ({
        name: `${protocol}-${port}`,
        port,
        targetPort,
      })),
    },
  };
}

function podObject({ name, namespace, labels, serviceAccount, ip, service }: Pod): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      // As the injector labels what it injected.
      labels: { ...labels, "security.istio.io/tlsMode": "istio" },
    },
    spec: {
      serviceAccountName: serviceAccount,
      nodeName: "node",
      containers: [
        {
          name: "app",
          image: "app",
          ports: service.ports.map(({ targetPort }) => ({ containerPort: targetPort })),
        },
      ],
    },
    status: {
      phase: "Running",
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
}

function endpoints(service: Service, pods: readonly Pod[]): KubeObject {
  const { name, namespace, ports } = service;
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
    ports: ports.map(({ port, targetPort, protocol }) => ({
      name: `${protocol}-${port}`,
      port: targetPort,
      protocol: "TCP",
    })),
  };
}
