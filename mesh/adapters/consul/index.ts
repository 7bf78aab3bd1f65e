import { found, settle, type Diagnostic, type FieldPath, type Result } from "../../../lib";
import { jsonSchemaOf } from "../../schema";
import type { FeatureRequest, MeshPlan } from "../../plan/types";
import type { ClusterFeatures, ConfiguredMesh, MeshAdapter } from "../../types";
import { capabilityTable } from "./capabilities";
import { configSteps } from "./agents";
import { faultsOf } from "./faults";
import { gatewayFeatures } from "./gateways";
import { CONSUL_NAMESPACE, gatewayName } from "./names";
import { siteOf, type Site } from "./site";
import { optionsSchema, readOptions, type ConsulOptions } from "./options";
import { kubernetesSteps } from "./steps";
import { annotationFaults, neededAnnotations } from "./workloads";

/** The port of the injector's webhooks behind its Service, which a firewall before the nodes must let through. */
const WEBHOOK_PORT = 8080;

/** Consul's service mesh, its free edition, in Kubernetes or on machines with agents. */
export const consul: MeshAdapter = {
  title: "Consul",
  lifecycle: { stage: "ga" },
  forms: [
    { title: "Kubernetes", options: {} },
    { title: "agents", options: { platform: "agents" } },
  ],
  jsonSchema: () => jsonSchemaOf(optionsSchema),
  configure(raw: unknown, at: FieldPath): Result<ConfiguredMesh> {
    const options = readOptions(raw, at);
    return options.ok ? settle(configured(options.value, at), found(options)) : options;
  },
};

function configured(options: ConsulOptions, at: FieldPath): ConfiguredMesh {
  const table = capabilityTable(options);
  return {
    kind: "consul",
    version: options.version,
    capabilities: () => table,
    workloadFaults: annotationFaults,
    plan: (intent, { cluster }) => {
      const site = siteOf(intent, options);
      const faults = faultsOf(site, { cluster, at });
      return settle(plan(site, { cluster, warnings: faults }), faults);
    },
  };
}

function plan(
  site: Site,
  { cluster, warnings }: { cluster: ClusterFeatures; warnings: readonly Diagnostic[] },
): MeshPlan {
  const { version, platform } = site.options;
  const inKubernetes = platform === "kubernetes";
  return {
    mesh: { kind: "consul", version, mode: platform },
    clusterFeatures: inKubernetes ? features(site, cluster) : [],
    steps: inKubernetes ? kubernetesSteps(site, cluster) : configSteps(site),
    outputs: outputs(site),
    warnings,
  };
}

function features(site: Site, cluster: ClusterFeatures): FeatureRequest[] {
  const webhooks: FeatureRequest[] =
    cluster.webhooks.kind === "service" ? [{ kind: "webhookPorts", ports: [WEBHOOK_PORT] }] : [];
  return [...webhooks, ...gatewayFeatures(site, cluster)];
}

/** What verification, the CLI and other stacks want to know of the mesh without reading its objects. */
function outputs({ intent, options }: Site): MeshPlan["outputs"] {
  return {
    rootNamespace: CONSUL_NAMESPACE,
    datacenter: options.datacenter,
    mtls: intent.mtls.mode,
    podAnnotations: neededAnnotations(intent),
    gateways: Object.fromEntries(
      intent.gateways.map(({ name, listeners }) => [
        name,
        {
          namespace: options.gatewayNamespace,
          service: gatewayName(name),
          serviceAccount: gatewayName(name),
          ports: [...new Set(listeners.map((l) => l.port))],
        },
      ]),
    ),
  };
}
