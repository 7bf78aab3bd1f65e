import { errorAt, found, settle, type Diagnostic, type FieldPath, type Result } from "../../../lib";
import { Lookup } from "../../intent/lookup";
import type { FeatureRequest, KubeObject, MeshPlan, Step } from "../../plan/types";
import { WORKLOADS } from "../../plan/workloads";
import { rolloutFaults } from "../../rollouts";
import { jsonSchemaOf } from "../../schema";
import type { ConfiguredMesh, MeshAdapter, Target } from "../../types";
import { linkerdTable } from "./capabilities";
import { certificateFaults, certificates } from "./certificates";
import { egressFaults, egressObjects, needsTlsRoutes } from "./egress";
import { accountOf } from "./gateways";
import { tlsRouteVersion } from "./gateway-api";
import { CONTROL_PLANE, installSteps } from "./install";
import { breakerFaults, marks } from "./marks";
import { SYSTEM_NAMESPACE } from "./names";
import { namespaceFaults, namespaces } from "./namespaces";
import { optionsSchema, readOptions, type LinkerdOptions } from "./options";
import { rateLimitFaults, rateLimits } from "./rate-limits";
import { allDoors, securityFaults, securityObjects, type JudgedDoor } from "./security";
import { rollouts } from "./rollouts";
import type { Site } from "./site";
import { telemetryFaults } from "./telemetry";
import { routeSite, trafficFaults, trafficObjects } from "./traffic";

/** The ports of the injector's and the validators' webhooks, which a firewall before the nodes must let through. */
const WEBHOOK_PORTS = [8443, 9443];

/** Linkerd, of its edge releases. */
export const linkerd: MeshAdapter = {
  title: "Linkerd",
  lifecycle: { stage: "ga" },
  forms: [
    { title: "sidecar", options: {} },
    {
      title: "sidecar, with a Gateway API implementation",
      options: { gateways: { className: "example" }, prometheus: "http://prometheus.example" },
    },
  ],
  jsonSchema: () => jsonSchemaOf(optionsSchema),
  configure(raw: unknown, at: FieldPath): Result<ConfiguredMesh> {
    const options = readOptions(raw, at);
    return options.ok ? settle(configured(options.value, at), found(options)) : options;
  },
};

function configured(options: LinkerdOptions, at: FieldPath): ConfiguredMesh {
  return {
    kind: "linkerd",
    version: options.version,
    capabilities: ({ cluster }: Target) => linkerdTable(options, cluster),
    plan: (intent, { cluster }: Target) => {
      const given = { intent, options, cluster, lookup: new Lookup(intent) };
      const site = { ...given, routes: routeSite(given) };
      const doors = allDoors(site);
      const all = faults(site, { doors, at });
      return settle(plan(site, { doors, warnings: all }), all);
    },
  };
}

function faults(
  site: Site,
  { doors, at }: { readonly doors: readonly JudgedDoor[]; readonly at: FieldPath },
): Diagnostic[] {
  return [
    ...clusterFaults(site, at),
    ...certificateFaults(site, at),
    ...namespaceFaults(site),
    ...securityFaults(site, { doors, at }),
    ...trafficFaults(site),
    ...breakerFaults(site),
    ...rateLimitFaults(doors),
    ...egressFaults(site),
    ...telemetryFaults(site),
    ...rolloutFaults(site.intent, site.lookup),
  ];
}

function clusterFaults({ options, cluster }: Site, at: FieldPath): Diagnostic[] {
  const found: Diagnostic[] = [];
  if (!cluster.netAdmin && !options.cni) {
    const message =
      "pods of this cluster may not hold NET_ADMIN, which Linkerd's proxies need to redirect traffic";
    const hint = "set cni: true, so that a node agent redirects it";
    found.push(errorAt(at, { code: "needs-cni", message, hint }));
  }
  if (cluster.webhooks.kind === "url") {
    const message =
      "this cluster reaches webhooks at addresses outside it, and Linkerd's charts know Services only";
    found.push(
      errorAt(at, {
        code: "needs-webhook-services",
        message,
        hint: "use a cluster whose API server reaches pods",
      }),
    );
  }
  return found;
}

function plan(
  site: Site,
  { doors, warnings }: { readonly doors: readonly JudgedDoor[]; readonly warnings: readonly Diagnostic[] },
): MeshPlan {
  const { options } = site;
  const noted = marks(site);
  return {
    mesh: { kind: "linkerd", version: options.version, mode: "sidecar" },
    clusterFeatures: features(site),
    steps: [
      objectStep("namespaces", { objects: namespaces(site), dependsOn: [] }),
      objectStep("certificates", { objects: certificates(site), dependsOn: ["namespaces"] }),
      ...installSteps(site),
      objectStep("security", {
        objects: [...securityObjects(site, doors), ...rateLimits(doors), ...egressObjects(site)],
        dependsOn: [CONTROL_PLANE],
      }),
      objectStep(WORKLOADS, { objects: [], dependsOn: ["security"] }),
      // After the workloads, so that a route never leads to a version that is not there yet.
      objectStep("traffic", { objects: trafficObjects(site), dependsOn: ["security", WORKLOADS] }),
      ...rollouts(site, ["traffic"]),
    ],
    ...(noted.length === 0 ? {} : { marks: noted }),
    outputs: outputs(site),
    warnings,
  };
}

function objectStep(
  id: string,
  { objects, dependsOn }: { objects: readonly KubeObject[]; dependsOn: readonly string[] },
): Step {
  return { id, dependsOn, readiness: "ready", do: { kind: "objects", objects } };
}

function features(site: Site): FeatureRequest[] {
  const { intent, options, cluster } = site;
  const kinds = new Set(intent.routes.map((r) => r.kind));
  const tls = kinds.has("tls") || needsTlsRoutes(site);
  const experimental = kinds.has("tcp") || (tls && tlsRouteVersion(options, cluster) === "v1alpha2");
  const exposures = new Set(intent.gateways.map((g) => g.exposure));
  return [
    ...(cluster.webhooks.kind === "service" ? [{ kind: "webhookPorts" as const, ports: WEBHOOK_PORTS }] : []),
    // Linkerd's own controller does not start without the HTTPRoute CRD.
    { kind: "gatewayApi", channel: experimental ? "experimental" : "standard" },
    ...(["internal", "public"] as const)
      .filter((exposure) => exposures.has(exposure))
      .map((exposure) => ({ kind: "loadBalancer" as const, exposure })),
  ];
}

/** What verification, the CLI and other stacks want to know of the mesh without reading its objects. */
function outputs(site: Site): MeshPlan["outputs"] {
  const { intent } = site;
  return {
    rootNamespace: SYSTEM_NAMESPACE,
    trustDomain: intent.mtls.trustDomain,
    mtls: intent.mtls.mode,
    gateways: Object.fromEntries(
      intent.gateways.flatMap(({ name, listeners }) => {
        const account = accountOf(name, site);
        if (account === undefined) return [];
        return [[name, { ...account, ports: [...new Set(listeners.map((l) => l.port))] }]];
      }),
    ),
  };
}
