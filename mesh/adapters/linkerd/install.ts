import { present, type JsonObject } from "../../../lib";
import type { Chart, Step } from "../../plan/types";
import type { Resources } from "../../schema/install";
import { webhookValues } from "./certificates";
import { chartVersion, CNI_NAMESPACE, SYSTEM_NAMESPACE } from "./names";
import { inboundPolicy } from "./namespaces";
import type { LinkerdOptions } from "./options";
import type { Site } from "./site";
import { tracingValues } from "./telemetry";

export const CONTROL_PLANE = "linkerd-control-plane";

/** The control plane, in the order in which its charts need each other: CRDs, node agent, control plane. */
export function installSteps(site: Site): Step[] {
  const { options } = site;
  const cni = options.cni
    ? [
        chartStep(
          chartOf("linkerd2-cni", { namespace: CNI_NAMESPACE, values: cniValues(options), options }),
          ["namespaces"],
        ),
      ]
    : [];
  return [
    chartStep(chartOf("linkerd-crds", { namespace: SYSTEM_NAMESPACE, values: CRD_VALUES, options }), [
      "namespaces",
    ]),
    ...cni,
    chartStep(
      chartOf(CONTROL_PLANE, { namespace: SYSTEM_NAMESPACE, values: controlPlaneValues(site), options }),
      ["certificates", "linkerd-crds", ...cni.map((s) => s.id)],
    ),
  ];
}

/** The Gateway API belongs to the cluster, never to a mesh's chart. */
const CRD_VALUES: JsonObject = { installGatewayAPI: false };

function chartStep(chart: Chart, dependsOn: readonly string[]): Step {
  return { id: chart.release, dependsOn, readiness: "ready", do: { kind: "chart", chart } };
}

function chartOf(
  chart: string,
  { namespace, values, options }: { namespace: string; values: JsonObject; options: LinkerdOptions },
): Chart {
  const { version, charts: source } = options;
  return { chart, version: chartVersion(version), source, release: chart, namespace, values };
}

function controlPlaneValues(site: Site): JsonObject {
  const { intent, options } = site;
  const { hub } = options.images;
  return {
    ...scale(options),
    ...pullSecrets(options),
    controllerImage: `${hub}/controller`,
    debugContainer: { image: { name: `${hub}/debug` } },
    cniEnabled: options.cni,
    // Trust anchors and issuer are read from the cluster, so that no key passes through the chart.
    identity: { externalCA: true, issuer: { scheme: "kubernetes.io/tls" } },
    identityTrustDomain: intent.mtls.trustDomain,
    proxy: {
      defaultInboundPolicy: inboundPolicy(intent.mtls.mode, intent),
      image: { name: `${hub}/proxy` },
      resources: linkerdResources(options.resources.proxy),
      ...tracingValues(site),
    },
    ...(options.cni ? {} : { proxyInit: { iptablesMode: options.iptablesMode } }),
    ...webhookValues(site),
  };
}

const SCALED = [
  "destinationResources",
  "heartbeatResources",
  "identityResources",
  "proxyInjectorResources",
  "spValidatorResources",
] as const;

function scale({ profile, resources }: LinkerdOptions): JsonObject {
  const each = linkerdResources(resources.controlPlane);
  return {
    ...Object.fromEntries(SCALED.map((part) => [part, each])),
    policyController: { resources: each },
    ...(profile === "minimal" ? { controllerReplicas: 1 } : HIGHLY_AVAILABLE),
  };
}

/** As the chart's own values for high availability: three replicas on three nodes, and no pod without its proxy. */
const HIGHLY_AVAILABLE: JsonObject = {
  controllerReplicas: 3,
  controller: { podDisruptionBudget: { maxUnavailable: 1 } },
  deploymentStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: "25%" } },
  enablePodAntiAffinity: true,
  enablePodDisruptionBudget: true,
  highAvailability: true,
  webhookFailurePolicy: "Fail",
};

function cniValues(options: LinkerdOptions): JsonObject {
  return {
    ...pullSecrets(options),
    image: { name: `${options.images.hub}/cni-plugin` },
    iptablesMode: options.iptablesMode,
    repairController: { enabled: true },
  };
}

function pullSecrets({ images }: LinkerdOptions): JsonObject {
  return images.pullSecrets.length === 0
    ? {}
    : { imagePullSecrets: images.pullSecrets.map((name) => ({ name })) };
}

/** Requests and limits by resource, which is how Linkerd's charts take them. */
function linkerdResources({ requests, limits }: Resources): JsonObject {
  const amount = (name: "cpu" | "memory"): JsonObject =>
    present({ request: requests?.[name], limit: limits?.[name] });
  return { cpu: amount("cpu"), memory: amount("memory") };
}
