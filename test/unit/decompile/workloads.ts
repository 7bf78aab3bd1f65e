import { stringify } from "yaml";
import type { JsonObject } from "../../../lib";
import type { NormalizedIntent, Service } from "../../../mesh/intent/types";
import type { MeshPlan } from "../../../mesh/plan/types";

/** What the user of an intent deploys, as far as an import looks at it: Services, and Deployments for their versions. */
export function workloadsOf({ services }: NormalizedIntent): JsonObject[] {
  return services.flatMap((service) => [serviceObject(service), ...deployments(service)]);
}

function serviceObject({ name, namespace, selector, ports }: Service): JsonObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: {
      selector,
      ports: ports.map(({ port, targetPort, protocol }) => ({
        name: `p${port}`,
        port,
        targetPort,
        appProtocol: protocol,
      })),
    },
  };
}

function deployments({ name, namespace, selector, serviceAccount, versions }: Service): JsonObject[] {
  const parts = versions.length === 0 ? [{ name: "only", labels: {} }] : versions;
  return parts.map((part) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `${name}-${part.name}`, namespace },
    spec: {
      template: {
        metadata: { labels: { ...selector, ...part.labels } },
        spec: { serviceAccountName: serviceAccount },
      },
    },
  }));
}

/** What charts make of their values, where an import looks at it: Istio's config, and the Services of its gateways. */
export function chartObjects(plan: MeshPlan): JsonObject[] {
  return plan.steps.flatMap(({ do: action }): JsonObject[] => {
    if (action.kind !== "chart") return [];
    const { chart, release, namespace, values } = action.chart;
    if (chart === "istiod") {
      const data = { mesh: stringify(values["meshConfig"]) };
      return [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "istio", namespace }, data }];
    }
    if (chart !== "gateway") return [];
    const { labels, service } = values as { labels: JsonObject; service: JsonObject };
    const { annotations = {}, ...spec } = service;
    const metadata = { name: release, namespace, annotations };
    return [{ apiVersion: "v1", kind: "Service", metadata, spec: { ...spec, selector: labels } }];
  });
}

const OURS = /^(meshwright\.dev\/|app\.kubernetes\.io\/managed-by$)/;

/** Objects as somebody else would have written them: without our labels and annotations, but for those that select. */
export function stripped(objects: readonly JsonObject[]): JsonObject[] {
  const specs = objects.map((object) => JSON.stringify(object["spec"] ?? {})).join();
  const without = (map: JsonObject | undefined): JsonObject =>
    Object.fromEntries(
      Object.entries(map ?? {}).filter(([key]) => !OURS.test(key) || specs.includes(JSON.stringify(key))),
    );
  return objects.map((object) => {
    const metadata = object["metadata"] as { readonly [key: string]: JsonObject | undefined };
    const { labels, annotations } = metadata;
    return {
      ...object,
      metadata: { ...metadata, labels: without(labels), annotations: without(annotations) },
    };
  });
}
