import { byText } from "../../../lib";
import type { Service } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { CONTROLLER_NAMESPACE, EGRESS_NAMESPACE, headlessName } from "./names";
import { podPorts } from "./nodes";
import type { Site } from "./site";

/** The label by which the mesh knows its namespaces. */
export function meshLabel(meshName: string): { readonly [label: string]: string } {
  return { mesh: meshName };
}

/** The namespaces of services, gateways and hosts outside; those of pods are ready for proxies. */
export function namespaces({ intent, options }: Site): KubeObject[] {
  const member = meshLabel(options.meshName);
  const injected = { ...member, "appmesh.k8s.aws/sidecarInjectorWebhook": "enabled" };
  const controlled = options.form === "controller";
  const own = intent.services.filter((s) => s.workloads === "kubernetes").map((s) => s.namespace);
  const names = new Set([
    ...(options.createNamespaces ? own : []),
    ...(intent.gateways.length > 0 && options.platform === "eks" ? [options.gatewayNamespace] : []),
  ]);
  const external = (intent.egress?.external ?? []).length > 0;
  return [
    ...(controlled ? [namespace(CONTROLLER_NAMESPACE, {})] : []),
    ...(controlled && external ? [namespace(EGRESS_NAMESPACE, member)] : []),
    ...[...names].sort(byText).map((name) => namespace(name, controlled ? injected : {})),
  ];
}

function namespace(name: string, labels: { readonly [label: string]: string }): KubeObject {
  return kubeObject({ apiVersion: "v1", kind: "Namespace", name, labels });
}

/**
 * For each node a Service without an address: its name stands for the addresses of the node's pods, so that proxies
 * balance, and eject, single pods.
 */
export function headlessServices({ intent }: Site): KubeObject[] {
  return intent.services
    .filter((s) => s.workloads === "kubernetes")
    .flatMap((service) => [
      headless(service, { name: headlessName(service), selector: service.selector }),
      ...service.versions.map((version) =>
        headless(service, {
          name: headlessName(service, version),
          selector: { ...service.selector, ...version.labels },
        }),
      ),
    ]);
}

function headless(
  service: Service,
  { name, selector }: { name: string; selector: { readonly [label: string]: string } },
): KubeObject {
  return kubeObject({
    apiVersion: "v1",
    kind: "Service",
    name,
    namespace: service.namespace,
    spec: {
      clusterIP: "None",
      selector,
      ports: podPorts(service).map(({ targetPort, protocol }) => ({
        name: `${protocol}-${targetPort}`,
        port: targetPort,
        targetPort,
        protocol: "TCP",
      })),
    },
  });
}
