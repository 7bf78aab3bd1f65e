import type { JsonObject } from "../../../lib";
import { kubeObject } from "../../plan/objects";
import type { Chart, KubeObject } from "../../plan/types";
import { awsName, type MeshModel, type Place } from "./model";
import { gatewayLabels } from "./gateway-pods";
import { meshLabel } from "./kubernetes";
import { CONTROLLER_NAMESPACE } from "./names";
import type { Site } from "./site";
import { controllerSpelling } from "./spelling";

export const CONTROLLER_VERSION = "1.13.3";

/** The controller, which turns the objects into App Mesh's resources and gives pods their proxies. */
export function controllerChart({ intent, options }: Site): Chart {
  const { region, controllerRole, tls } = options;
  const { tracing } = intent.telemetry ?? {};
  const values: JsonObject = {
    ...(region === undefined ? {} : { region }),
    ...(controllerRole === undefined
      ? {}
      : { serviceAccount: { annotations: { "eks.amazonaws.com/role-arn": controllerRole } } }),
    ...(tls?.kind === "sds" ? { sds: { enabled: true } } : {}),
    ...(tracing === undefined
      ? {}
      : { tracing: { enabled: true, provider: "x-ray", samplingRate: tracing.samplingPercent / 100 } }),
  };
  return {
    chart: "appmesh-controller",
    version: CONTROLLER_VERSION,
    source: { kind: "repository", url: "https://aws.github.io/eks-charts" },
    release: "appmesh-controller",
    namespace: CONTROLLER_NAMESPACE,
    values,
  };
}

/** A label by which gateway routes find their gateway, since App Mesh wants one only for each. */
const GATEWAY = "meshwright.dev/gateway";

/** The mesh as custom resources of the controller. */
export function meshObjects(model: MeshModel, { intent, options }: Site): KubeObject[] {
  const mesh = appMesh("Mesh", {
    name: options.meshName,
    spec: {
      awsName: options.meshName,
      namespaceSelector: { matchLabels: meshLabel(options.meshName) },
      ...egressFilter(intent.egress?.default),
    },
  });
  return [
    mesh,
    ...model.nodes.map((node) =>
      placed("VirtualNode", node, {
        ...(node.pods === undefined ? {} : { podSelector: { matchLabels: node.pods } }),
        ...node.spec,
      }),
    ),
    ...model.routers.map((router) =>
      placed("VirtualRouter", router, {
        listeners: router.listeners,
        routes: router.routes.map(({ name, spec }, priority) => ({ name, priority, ...spec })),
      }),
    ),
    ...model.services.map(({ name, namespace, host, router }) =>
      appMesh("VirtualService", {
        name,
        namespace,
        spec: { awsName: host, provider: controllerSpelling.router(router) },
      }),
    ),
    ...model.gateways.flatMap((gateway) => [
      placed("VirtualGateway", gateway, {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": gateway.namespace } },
        podSelector: { matchLabels: gatewayLabels(gateway.gateway) },
        gatewayRouteSelector: { matchLabels: { [GATEWAY]: gateway.gateway } },
        ...gateway.spec,
      }),
      ...gateway.routes.map(({ name, spec }, priority) =>
        appMesh("GatewayRoute", {
          name,
          namespace: gateway.namespace,
          labels: { [GATEWAY]: gateway.gateway },
          spec: { awsName: awsName({ name, namespace: gateway.namespace }), priority, ...spec },
        }),
      ),
    ]),
  ];
}

/** The mesh's word on what proxies may call; its own default is to drop what the mesh does not know. */
export function egressFilter(egress: "deny" | "allow" | undefined): JsonObject {
  if (egress === undefined) return {};
  return { egressFilter: { type: egress === "deny" ? "DROP_ALL" : "ALLOW_ALL" } };
}

function placed(kind: string, { name, namespace }: Place, spec: JsonObject): KubeObject {
  return appMesh(kind, { name, namespace, spec: { awsName: awsName({ name, namespace }), ...spec } });
}

interface Seed {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: { readonly [label: string]: string };
  readonly spec: JsonObject;
}

function appMesh(kind: string, seed: Seed): KubeObject {
  return kubeObject({ apiVersion: "appmesh.k8s.aws/v1beta2", kind, ...seed });
}
