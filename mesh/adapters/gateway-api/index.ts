import {
  byText,
  errorAt,
  found,
  settle,
  warningAt,
  type Diagnostic,
  type FieldPath,
  type Result,
} from "../../../lib";
import {
  gatewayApiFaults,
  gatewayObject,
  referenceGrants,
  routeObjects,
  versionServices,
} from "../../gateway-api";
import { kubeObject } from "../../plan/objects";
import type { FeatureRequest, KubeObject, MeshPlan, Step } from "../../plan/types";
import { WORKLOADS } from "../../plan/workloads";
import { jsonSchemaOf } from "../../schema";
import type { ConfiguredMesh, MeshAdapter, Target } from "../../types";
import { gatewayApiTable } from "./capabilities";
import { optionsSchema, readOptions, type GatewayApiOptions } from "./options";
import { retryFaults, withStatusCodes } from "./retries";
import { routeSite, type Site } from "./site";

/** Routes of the Gateway API and nothing else, for whatever mesh of the cluster carries them. */
export const gatewayApi: MeshAdapter = {
  title: "Gateway API",
  lifecycle: { stage: "ga" },
  forms: [
    { title: "standard channel", options: { gateways: { className: "example" } } },
    {
      title: "experimental channel",
      options: { channel: "experimental", gateways: { className: "example" } },
    },
  ],
  jsonSchema: () => jsonSchemaOf(optionsSchema),
  configure(raw: unknown, at: FieldPath): Result<ConfiguredMesh> {
    const options = readOptions(raw, at);
    return options.ok ? settle(configured(options.value, at), found(options)) : options;
  },
};

function configured(options: GatewayApiOptions, at: FieldPath): ConfiguredMesh {
  return {
    kind: "gateway-api",
    version: options.version,
    capabilities: ({ cluster }: Target) => gatewayApiTable(options, cluster),
    plan: (written, { cluster }: Target) => {
      const site = { intent: withStatusCodes(written), options, cluster };
      const all = [
        ...clusterFaults(site, at),
        ...retryFaults(written),
        ...gatewayApiFaults(routeSite(site)),
        ...securityWarnings(site, at),
      ];
      return settle(plan(site, all), all);
    },
  };
}

/** Said on every plan: what is written there is not kept here. */
function securityWarnings({ options }: Site, at: FieldPath): Diagnostic[] {
  if (!options.securityElsewhere) return [];
  const message =
    "nothing in this plan keeps what the intent says of mTLS, authorization and egress: the options leave it to something else";
  return [
    warningAt([...at, "security"], {
      code: "security-elsewhere",
      message,
      hint: "see that it does, or choose a mesh that keeps it",
    }),
  ];
}

function clusterFaults({ options, cluster }: Site, at: FieldPath): Diagnostic[] {
  if (cluster.gatewayApi.owner !== "cluster" || options.channel === "standard") return [];
  return [
    errorAt([...at, "channel"], {
      code: "unsupported-channel",
      message: "the cluster installs the Gateway API itself, and has its standard channel",
      hint: "channel: standard",
    }),
  ];
}

function plan(site: Site, warnings: readonly Diagnostic[]): MeshPlan {
  const { intent, options } = site;
  const routes = routeSite(site);
  return {
    mesh: { kind: "gateway-api", version: options.version, mode: options.channel },
    clusterFeatures: features(site),
    steps: [
      objectStep("namespaces", { objects: namespaces(site), dependsOn: [] }),
      objectStep(WORKLOADS, { objects: [], dependsOn: ["namespaces"] }),
      // After the workloads, so that a route never leads to a version that is not there yet.
      objectStep("traffic", {
        objects: [
          ...versionServices(intent),
          ...gateways(site),
          ...routeObjects(routes),
          ...referenceGrants(routes),
        ],
        dependsOn: [WORKLOADS],
      }),
    ],
    outputs: {
      gateways: Object.fromEntries(
        intent.gateways.map(({ name, listeners }) => [
          name,
          { namespace: routes.gatewayNamespace, ports: [...new Set(listeners.map((l) => l.port))] },
        ]),
      ),
    },
    warnings,
  };
}

function namespaces({ intent, options }: Site): KubeObject[] {
  const services = options.createNamespaces ? intent.services.map((s) => s.namespace) : [];
  const gateways =
    intent.gateways.length > 0 && options.gateways !== undefined ? [options.gateways.namespace] : [];
  return [...new Set([...services, ...gateways])]
    .sort(byText)
    .map((name) =>
      kubeObject({ apiVersion: "v1", kind: "Namespace", name, labels: options.namespaceLabels }),
    );
}

function gateways({ intent, options, cluster }: Site): KubeObject[] {
  const { gateways: carrier } = options;
  if (carrier === undefined) return [];
  return intent.gateways.map((gateway) =>
    gatewayObject(gateway, {
      ...carrier,
      name: gateway.name,
      ...(gateway.exposure === "internal"
        ? { more: { infrastructure: { annotations: cluster.internalLoadBalancer ?? {} } } }
        : {}),
    }),
  );
}

function features({ intent, options }: Site): FeatureRequest[] {
  const exposures = new Set(intent.gateways.map((g) => g.exposure));
  return [
    { kind: "gatewayApi", channel: options.channel },
    ...(["internal", "public"] as const)
      .filter((exposure) => exposures.has(exposure))
      .map((exposure) => ({ kind: "loadBalancer" as const, exposure })),
  ];
}

function objectStep(
  id: string,
  { objects, dependsOn }: { objects: readonly KubeObject[]; dependsOn: readonly string[] },
): Step {
  return { id, dependsOn, readiness: "ready", do: { kind: "objects", objects } };
}
