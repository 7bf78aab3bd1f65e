import type { Diagnostic, JsonObject } from "../../../lib";
import { Lookup } from "../../intent/lookup";
import type { NormalizedIntent, Service } from "../../intent/types";
import type { FeatureRequest, KubeObject, MeshPlan, Step } from "../../plan/types";
import { WORKLOADS } from "../../plan/workloads";
import { rolloutSteps, type RolloutInput } from "../../rollouts";
import { egressObjects } from "./egress";
import { memberFeatures, memberGateway, memberObjects, memberOf } from "./federation";
import { gatewayApiObjects } from "./gateway-api";
import { gatewayObjects } from "./gateway-objects";
import { gatewayFeatures, gatewaySteps } from "./gateways";
import { installSteps, isAmbient, type InstallInput } from "./install";
import { meshConfig } from "./mesh-config";
import { gatewayRelease, gatewaySelector, ROOT_NAMESPACE } from "./names";
import { namespaces } from "./namespaces";
import type { IstioOptions } from "./options";
import { securityObjects } from "./security";
import type { Site } from "./site";
import { telemetryObjects } from "./telemetry";
import { trafficObjects } from "./traffic";
import { destinationRulesByService } from "./traffic/destination-rules";
import { rateLimits } from "./traffic/rate-limits";
import { workloadGroups } from "./virtual-machines";
import { WAYPOINT, waypoints } from "./waypoints";

/** The port of istiod's webhooks behind its Service, which a firewall before the nodes must let through. */
const WEBHOOK_PORT = 15017;

export function planOf(input: InstallInput, warnings: readonly Diagnostic[]): MeshPlan {
  const { intent, options } = input;
  const site = siteOf(intent, options);
  const member = memberOf(intent, options);
  const proxies = isAmbient(options) ? ["ztunnel"] : [];
  return {
    mesh: { kind: "istio", version: options.version, mode: isAmbient(options) ? "ambient" : "sidecar" },
    clusterFeatures: featuresOf(input),
    steps: [
      objectStep("namespaces", { objects: namespaces(intent, options), dependsOn: [] }),
      ...installSteps(input, meshConfig(site)),
      objectStep("security", {
        objects: [
          ...securityObjects(site),
          ...egressObjects(site),
          ...telemetryObjects(site),
          ...memberObjects(member, input),
        ],
        dependsOn: ["istiod"],
      }),
      ...(options.form === "waypoints"
        ? [objectStep("waypoints", { objects: waypoints(intent), dependsOn: ["security", ...proxies] })]
        : []),
      ...gatewaySteps(input),
      ...memberGateway(member, input),
      objectStep(WORKLOADS, { objects: [], dependsOn: ["security", ...proxies] }),
      // After the workloads, so that a route never leads to a version that is not there yet.
      objectStep("traffic", { objects: routed(site, options), dependsOn: ["security", WORKLOADS] }),
      ...rolloutSteps({ intent, lookup: site.lookup, ...rolloutsOf(options) }, ["traffic"]),
    ],
    outputs: outputs(intent, options),
    warnings,
  };
}

function routed(site: Site, { form, gatewayNamespace }: IstioOptions): KubeObject[] {
  if (form === "sidecar") return [...workloadGroups(site), ...trafficObjects(site), ...gatewayObjects(site)];
  return [
    ...workloadGroups(site),
    // Nodes' proxies read no DestinationRules.
    ...(form === "ambient" ? [] : destinationRulesByService(site.intent, { tunnels: form === "waypoints" })),
    ...gatewayApiObjects(site, gatewayNamespace),
    ...rateLimits(site),
  ];
}

/** Flagger shifts traffic by the objects that routes are made of here. */
function rolloutsOf({ form }: IstioOptions): Pick<RolloutInput, "provider" | "mesh"> {
  if (form === "sidecar") return { provider: { name: "istio" }, mesh: "istio" };
  const service = ({ name, namespace }: Service): JsonObject => ({
    gatewayRefs: [{ group: "", kind: "Service", name, namespace }],
  });
  return { provider: { name: "gatewayapi:v1", service }, mesh: "gatewayapi:v1" };
}

export function siteOf(intent: NormalizedIntent, options: IstioOptions): Site {
  return {
    intent,
    lookup: new Lookup(intent),
    rootNamespace: ROOT_NAMESPACE,
    trustDomain: intent.mtls.trustDomain,
    gateway: (name) => ({
      namespace: options.gatewayNamespace,
      serviceAccount: gatewayRelease(name),
      selector: gatewaySelector(name),
    }),
    ...(options.form === "waypoints" ? { waypoint: WAYPOINT } : {}),
  };
}

function objectStep(
  id: string,
  { objects, dependsOn }: { objects: readonly KubeObject[]; dependsOn: readonly string[] },
): Step {
  return { id, dependsOn, readiness: "ready", do: { kind: "objects", objects } };
}

/** Each once, whoever asks for it. */
function featuresOf(input: InstallInput): FeatureRequest[] {
  const { intent, options, cluster } = input;
  const all = [
    ...webhookFeatures(input),
    ...gatewayFeatures(input),
    ...memberFeatures(memberOf(intent, options), cluster),
    ...gatewayApiFeatures(input),
  ];
  return [...new Map(all.map((feature) => [JSON.stringify(feature), feature])).values()];
}

function webhookFeatures({ cluster }: InstallInput): FeatureRequest[] {
  return cluster.webhooks.kind === "service" ? [{ kind: "webhookPorts", ports: [WEBHOOK_PORT] }] : [];
}

/** Retries of routes are in the experimental channel only. */
function gatewayApiFeatures({ intent, options }: InstallInput): FeatureRequest[] {
  if (options.form === "sidecar") return [];
  const retried = intent.routes.some(
    (route) =>
      (route.kind === "http" || route.kind === "grpc") &&
      route.rules.some((rule) => rule.retry !== undefined),
  );
  return [{ kind: "gatewayApi", channel: retried ? "experimental" : "standard" }];
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
