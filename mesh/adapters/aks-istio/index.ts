import {
  found,
  isJsonObject,
  settle,
  type Diagnostic,
  type FieldPath,
  type JsonObject,
  type Result,
} from "../../../lib";
import { Lookup } from "../../intent/lookup";
import type { CertificateAuthority, NormalizedIntent } from "../../intent/types";
import { jsonSchemaOf } from "../../schema";
import type { FeatureRequest, KubeObject, MeshPlan } from "../../plan/types";
import { rolloutFaults, rolloutSteps } from "../../rollouts";
import type { ConfiguredMesh, MeshAdapter } from "../../types";
import {
  egressObjects,
  gatewayObjects,
  meshConfig,
  securityObjects,
  siteFaults,
  telemetryObjects,
  trafficObjects,
  type Site,
} from "../istio/shared";
import {
  gatewayOutputs,
  managedPlan,
  TRAFFIC,
  memberNamespaces,
  meshConfigMap,
  namespaceFaults,
} from "../managed-istio";
import { aksTable } from "./capabilities";
import { gatewayFaults } from "./faults";
import { configMapName, INGRESS_NAMESPACE, ingressPods, ROOT_NAMESPACE, TRUST_DOMAIN } from "./names";
import { istioVersion, optionsSchema, readOptions, type AksOptions } from "./options";

const KIND = "aks-istio";

/** The Istio that AKS runs as its service mesh add-on. */
export const aksIstio: MeshAdapter = {
  title: "Istio add-on of AKS",
  lifecycle: { stage: "ga" },
  forms: [{ title: "add-on", options: {} }],
  jsonSchema: () => jsonSchemaOf(optionsSchema),
  configure(raw: unknown, at: FieldPath): Result<ConfiguredMesh> {
    const options = readOptions(raw, at);
    return options.ok ? settle(configured(options.value), found(options)) : options;
  },
};

function configured(options: AksOptions): ConfiguredMesh {
  return {
    kind: KIND,
    version: istioVersion(options.revision),
    capabilities: () => aksTable(options),
    plan: (intent) => {
      const site = siteOf(intent);
      const all = [
        ...(options.createNamespaces ? namespaceFaults(intent, [ROOT_NAMESPACE, INGRESS_NAMESPACE]) : []),
        ...gatewayFaults(intent),
        ...siteFaults(site),
        ...rolloutFaults(intent, site.lookup),
      ];
      return settle(plan(site, { options, warnings: all }), all);
    },
  };
}

function siteOf(intent: NormalizedIntent): Site {
  const lookup = new Lookup(intent);
  return {
    intent,
    lookup,
    rootNamespace: ROOT_NAMESPACE,
    trustDomain: TRUST_DOMAIN,
    gateway: (name) => ingressPods(lookup.gateway(name)?.exposure ?? "public"),
  };
}

function plan(
  site: Site,
  { options, warnings }: { options: AksOptions; warnings: readonly Diagnostic[] },
): MeshPlan {
  const { intent } = site;
  const own = options.createNamespaces ? intent.services.map((s) => s.namespace) : [];
  return managedPlan({
    mesh: { kind: KIND, version: istioVersion(options.revision), mode: "sidecar" },
    features: [feature(intent, options)],
    namespaces: memberNamespaces(own, { "istio.io/rev": options.revision }),
    meshConfig: configMaps(site, options),
    security: [...securityObjects(site).map(atIngress), ...egressObjects(site), ...telemetryObjects(site)],
    gatewayPods: [],
    traffic: [...trafficObjects(site), ...gatewayObjects(site)],
    rollouts: rolloutSteps({ intent, lookup: site.lookup, provider: { name: "istio" }, mesh: "istio" }, [
      TRAFFIC,
    ]),
    outputs: {
      rootNamespace: ROOT_NAMESPACE,
      revision: options.revision,
      trustDomain: TRUST_DOMAIN,
      mtls: intent.mtls.mode,
      gateways: gatewayOutputs(intent.gateways, (gateway) => ingressPods(gateway.exposure)),
    },
    warnings,
  });
}

/**
 * Policies see the ports of pods, and which these are is the add-on's own business: its gateways let everybody in on
 * whatever they listen on, which is what the intent's listeners are.
 */
function atIngress(object: KubeObject): KubeObject {
  const { kind, metadata, spec } = object;
  if (kind !== "AuthorizationPolicy" || metadata.namespace !== INGRESS_NAMESPACE) return object;
  return { ...object, spec: { ...(isJsonObject(spec) ? spec : {}), rules: [{}] } };
}

/** One for each revision: a control plane must find its own before it starts. */
function configMaps(site: Site, { revisions }: AksOptions): KubeObject[] {
  const config = sharedConfig(meshConfig(site));
  return revisions.map((revision) =>
    meshConfigMap({ name: configMapName(revision), namespace: ROOT_NAMESPACE }, config),
  );
}

/** The add-on's own MeshConfig wins over the user's, and has the trust domain already. */
function sharedConfig(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([key]) => key !== "trustDomain"));
}

function feature({ gateways, mtls }: NormalizedIntent, { revisions }: AksOptions): FeatureRequest {
  const exposures = new Set(gateways.map((g) => g.exposure));
  return {
    kind: "managedMesh",
    mesh: KIND,
    revisions,
    gateways: (["internal", "public"] as const).filter((exposure) => exposures.has(exposure)),
    ...(mtls.ca.kind === "key-vault" ? { certificateAuthority: plugin(mtls.ca) } : {}),
  };
}

/** The certificates' names in the vault: those of Istio's own files, after the prefix. */
function plugin({ vaultId, prefix }: Extract<CertificateAuthority, { kind: "key-vault" }>): JsonObject {
  return {
    keyVaultId: vaultId,
    rootCertObjectName: `${prefix}root-cert`,
    certObjectName: `${prefix}ca-cert`,
    keyObjectName: `${prefix}ca-key`,
    certChainObjectName: `${prefix}cert-chain`,
  };
}
