import { found, settle, type Diagnostic, type FieldPath, type JsonObject, type Result } from "../../../lib";
import { Lookup } from "../../intent/lookup";
import type { NormalizedIntent } from "../../intent/types";
import { jsonSchemaOf } from "../../schema";
import type { FeatureRequest, KubeObject, MeshPlan } from "../../plan/types";
import type { ClusterFeatures, ConfiguredMesh, MeshAdapter } from "../../types";
import {
  egressObjects,
  gatewayObjects,
  meshConfig,
  securityObjects,
  siteFaults,
  trafficObjects,
  type Site,
} from "../istio/shared";
import {
  gatewayOutputs,
  managedPlan,
  memberNamespaces,
  meshConfigMap,
  namespaceFaults,
} from "../managed-istio";
import { csmTable } from "./capabilities";
import { csmFaults } from "./faults";
import { gatewayPods } from "./gateway-pods";
import { localIntent } from "./intent";
import { gatewayPlace, MESH_CONFIG_MAP, revisionOf, ROOT_NAMESPACE, workloadPool } from "./names";
import { accessLogs, egressPolicy, keyServers, withoutLocality } from "./objects";
import { optionsSchema, readOptions, type CsmOptions } from "./options";

const KIND = "cloud-service-mesh";
/** Google chooses and changes it. */
const VERSION = "managed";

/** The mesh that Google runs for GKE: Istio's objects, read by Traffic Director. */
export const cloudServiceMesh: MeshAdapter = {
  title: "Cloud Service Mesh",
  lifecycle: { stage: "ga" },
  forms: [{ title: "managed", options: { project: "example-project" } }],
  jsonSchema: () => jsonSchemaOf(optionsSchema),
  configure(raw: unknown, at: FieldPath): Result<ConfiguredMesh> {
    const options = readOptions(raw, at);
    return options.ok ? settle(configured(options.value), found(options)) : options;
  },
};

function configured(options: CsmOptions): ConfiguredMesh {
  return {
    kind: KIND,
    version: VERSION,
    capabilities: () => csmTable(options),
    plan: (intent, { cluster }) => {
      const site = siteOf(localIntent(intent, workloadPool(options)), options);
      const all = [
        ...(options.createNamespaces ? namespaceFaults(intent, [ROOT_NAMESPACE]) : []),
        ...csmFaults(intent, { options, cluster }),
        ...siteFaults(site),
      ];
      return settle(plan(site, { options, cluster, warnings: all }), all);
    },
  };
}

function siteOf(intent: NormalizedIntent, options: CsmOptions): Site {
  return {
    intent,
    lookup: new Lookup(intent),
    rootNamespace: ROOT_NAMESPACE,
    trustDomain: workloadPool(options),
    gateway: (name) => gatewayPlace(name, options),
  };
}

interface Surroundings {
  readonly options: CsmOptions;
  readonly cluster: ClusterFeatures;
  readonly warnings: readonly Diagnostic[];
}

function plan(site: Site, { options, cluster, warnings }: Surroundings): MeshPlan {
  const { intent } = site;
  const names = [
    ...(options.createNamespaces ? intent.services.map((s) => s.namespace) : []),
    ...(intent.gateways.length > 0 ? [options.gatewayNamespace] : []),
  ];
  return managedPlan({
    mesh: { kind: KIND, version: VERSION, mode: "sidecar" },
    features: features(intent, { options, cluster }),
    namespaces: memberNamespaces(names, { "istio-injection": "enabled" }),
    meshConfig: configMap(site),
    security: [
      ...securityObjects(site),
      ...egressPolicy(intent.egress),
      ...egressObjects(site),
      ...keyServers(intent),
      ...accessLogs(intent.telemetry),
    ],
    gatewayPods: intent.gateways.flatMap((gateway) =>
      gatewayPods(gateway, { place: gatewayPlace(gateway.name, options), cluster }),
    ),
    traffic: [...trafficObjects(site).map(withoutLocality), ...gatewayObjects(site)],
    rollouts: [],
    outputs: {
      rootNamespace: ROOT_NAMESPACE,
      revision: revisionOf(options),
      trustDomain: site.trustDomain,
      mtls: intent.mtls.mode,
      gateways: gatewayOutputs(intent.gateways, ({ name }) => gatewayPlace(name, options)),
    },
    warnings,
  });
}

/** Of a MeshConfig this mesh needs only whom to ask about requests; all else is said by other objects. */
function configMap(site: Site): KubeObject[] {
  const { extensionProviders } = meshConfig(site);
  if (extensionProviders === undefined) return [];
  return [meshConfigMap({ name: MESH_CONFIG_MAP, namespace: ROOT_NAMESPACE }, { extensionProviders })];
}

function features(
  { gateways, mtls }: NormalizedIntent,
  { options, cluster }: { options: CsmOptions; cluster: ClusterFeatures },
): FeatureRequest[] {
  const exposures = new Set(gateways.map((g) => g.exposure));
  const certificateAuthority: JsonObject | undefined =
    mtls.ca.kind === "gcp-cas" ? { caPool: mtls.ca.pool } : undefined;
  return [
    {
      kind: "managedMesh",
      mesh: KIND,
      revisions: [revisionOf(options)],
      gateways: [],
      ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    },
    ...(["internal", "public"] as const)
      .filter((exposure) => exposures.has(exposure) && cluster.loadBalancer)
      .map((exposure) => ({ kind: "loadBalancer" as const, exposure })),
  ];
}
