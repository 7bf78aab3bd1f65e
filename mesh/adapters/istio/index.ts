import { errorAt, found, settle, type Diagnostic, type FieldPath, type Result } from "../../../lib";
import { Lookup } from "../../intent/lookup";
import type { NormalizedIntent } from "../../intent/types";
import { jsonSchemaOf } from "../../schema";
import type { FeatureRequest, KubeObject, MeshPlan, Step } from "../../plan/types";
import { WORKLOADS } from "../../plan/workloads";
import type { ConfiguredMesh, MeshAdapter, Target } from "../../types";
import { sidecarTable } from "./capabilities";
import { egressObjects } from "./egress";
import { siteFaults } from "./faults";
import { gatewayObjects } from "./gateway-objects";
import { gatewayFaults, gatewayFeatures, gatewaySteps } from "./gateways";
import { installSteps, type InstallInput } from "./install";
import { meshConfig } from "./mesh-config";
import { gatewayRelease, gatewaySelector, ROOT_NAMESPACE } from "./names";
import { namespaceFaults, namespaces } from "./namespaces";
import { optionsSchema, readOptions, type IstioOptions } from "./options";
import { securityObjects } from "./security";
import type { Site } from "./site";
import { telemetryObjects } from "./telemetry";
import { trafficObjects } from "./traffic";
import { workloadGroups } from "./virtual-machines";

/** The port of istiod's webhooks behind its Service, which a firewall before the nodes must let through. */
const WEBHOOK_PORT = 15017;

/** Istio with sidecars. */
export const istio: MeshAdapter = {
  title: "Istio",
  lifecycle: { stage: "ga" },
  forms: [{ title: "sidecar", options: {} }],
  jsonSchema: () => jsonSchemaOf(optionsSchema),
  configure(raw: unknown, at: FieldPath): Result<ConfiguredMesh> {
    const options = readOptions(raw, at);
    return options.ok ? settle(configured(options.value, at), found(options)) : options;
  },
};

function configured(options: IstioOptions, at: FieldPath): ConfiguredMesh {
  return {
    kind: "istio",
    version: options.version,
    capabilities: () => sidecarTable(options.version),
    plan: (intent, { cluster }: Target) => {
      const input = { intent, options, cluster };
      const faults = [...clusterFaults(input, at), ...namespaceFaults(intent, options)];
      const all = [...faults, ...gatewayFaults(input), ...siteFaults(siteOf(intent, options))];
      return settle(plan(input, all), all);
    },
  };
}

function clusterFaults({ options, cluster }: InstallInput, at: FieldPath): Diagnostic[] {
  if (cluster.netAdmin || options.cni) return [];
  const message = "pods of this cluster may not hold NET_ADMIN, which sidecars need to redirect traffic";
  return [
    errorAt(at, { code: "needs-cni", message, hint: "set cni: true, so that a node agent redirects it" }),
  ];
}

function plan(input: InstallInput, warnings: readonly Diagnostic[]): MeshPlan {
  const { intent, options } = input;
  const site = siteOf(intent, options);
  return {
    mesh: { kind: "istio", version: options.version, mode: "sidecar" },
    clusterFeatures: [...webhookFeatures(input), ...gatewayFeatures(input)],
    steps: [
      objectStep("namespaces", { objects: namespaces(intent, options), dependsOn: [] }),
      ...installSteps(input, meshConfig(site)),
      objectStep("security", {
        objects: [...securityObjects(site), ...egressObjects(site), ...telemetryObjects(site)],
        dependsOn: ["istiod"],
      }),
      ...gatewaySteps(input),
      objectStep(WORKLOADS, { objects: [], dependsOn: ["security"] }),
      // After the workloads, so that a route never leads to a version that is not there yet.
      objectStep("traffic", {
        objects: [...workloadGroups(site), ...trafficObjects(site), ...gatewayObjects(site)],
        dependsOn: ["security", WORKLOADS],
      }),
    ],
    outputs: outputs(intent, options),
    warnings,
  };
}

function siteOf(intent: NormalizedIntent, options: IstioOptions): Site {
  const { mtls } = intent;
  return {
    intent,
    lookup: new Lookup(intent),
    rootNamespace: ROOT_NAMESPACE,
    trustDomain: mtls.trustDomain,
    gateway: (name) => ({
      namespace: options.gatewayNamespace,
      serviceAccount: gatewayRelease(name),
      selector: gatewaySelector(name),
    }),
  };
}

function objectStep(
  id: string,
  { objects, dependsOn }: { objects: readonly KubeObject[]; dependsOn: readonly string[] },
): Step {
  return { id, dependsOn, readiness: "ready", do: { kind: "objects", objects } };
}

function webhookFeatures({ cluster }: InstallInput): FeatureRequest[] {
  return cluster.webhooks.kind === "service" ? [{ kind: "webhookPorts", ports: [WEBHOOK_PORT] }] : [];
}

/** What verification, the CLI and other stacks want to know of the mesh without reading its objects. */
function outputs(intent: NormalizedIntent, options: IstioOptions): MeshPlan["outputs"] {
  return {
    rootNamespace: ROOT_NAMESPACE,
    revision: options.revision ?? "default",
    trustDomain: intent.mtls.trustDomain,
    mtls: intent.mtls.mode,
    gateways: Object.fromEntries(
      intent.gateways.map(({ name, listeners }) => [
        name,
        {
          namespace: options.gatewayNamespace,
          service: gatewayRelease(name),
          serviceAccount: gatewayRelease(name),
          ports: [...new Set(listeners.map((l) => l.port))],
        },
      ]),
    ),
  };
}
