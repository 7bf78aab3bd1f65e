import { found, settle, type Diagnostic, type FieldPath, type Result } from "../../../lib";
import { Lookup } from "../../intent/lookup";
import { jsonSchemaOf } from "../../schema";
import type { FeatureRequest, KubeObject, MeshPlan, Step } from "../../plan/types";
import { WORKLOADS } from "../../plan/workloads";
import type { ConfiguredMesh, MeshAdapter } from "../../types";
import { apiSteps } from "./api";
import { meshModel } from "./build";
import { appMeshTable } from "./capabilities";
import { controllerChart, CONTROLLER_VERSION, meshObjects } from "./controller";
import { ended, lifecycle } from "./ended";
import { faults, quotaFaults } from "./faults";
import { gatewayPods } from "./gateway-pods";
import { headlessServices, namespaces } from "./kubernetes";
import type { MeshModel } from "./model";
import { hostOf } from "./names";
import { optionsSchema, readOptions, type AppMeshOptions } from "./options";
import { gatewayOutputs, proxyOutputs } from "./proxies";
import type { Site } from "./site";
import { apiSpelling, controllerSpelling } from "./spelling";
import { successorNote, successorOf, type Successor } from "./successors";

const acknowledged = { acknowledgeDiscontinued: true } as const;
const files = { tls: { kind: "file", secret: "mesh-certificate" } } as const;

/** AWS App Mesh, on EKS, ECS and EC2. It has ended: plans of it are there to be compared and exported. */
export const appMesh: MeshAdapter = {
  title: "AWS App Mesh",
  lifecycle,
  forms: [
    { title: "EKS", options: { ...acknowledged, ...files } },
    {
      title: "ECS",
      options: {
        ...acknowledged,
        ...files,
        platform: "ecs",
        discovery: { kind: "cloudMap", namespace: "mesh.local" },
      },
    },
  ],
  jsonSchema: () => jsonSchemaOf(optionsSchema),
  configure(raw: unknown, at: FieldPath): Result<ConfiguredMesh> {
    const options = readOptions(raw, at);
    return options.ok ? settle(configured(options.value, at), found(options)) : options;
  },
};

function configured(options: AppMeshOptions, at: FieldPath): ConfiguredMesh {
  return {
    kind: "app-mesh",
    version: CONTROLLER_VERSION,
    capabilities: () => appMeshTable(options),
    plan: (intent, { cluster }) => {
      const site = { intent, lookup: new Lookup(intent), options, cluster };
      const model = meshModel(site, options.form === "controller" ? controllerSpelling : apiSpelling);
      const successor = successorOf(site);
      const said = [ended(at), successorNote(successor, at)];
      const all = [...said, ...faults(site, at), ...quotaFaults(model, site)];
      return settle(plan(site, { model, successor, warnings: all }), all);
    },
  };
}

interface Made {
  readonly model: MeshModel;
  readonly successor: Successor;
  readonly warnings: readonly Diagnostic[];
}

function plan(site: Site, { model, successor, warnings }: Made): MeshPlan {
  const { options } = site;
  return {
    mesh: { kind: "app-mesh", version: CONTROLLER_VERSION, mode: options.form },
    clusterFeatures: features(site),
    steps: options.form === "controller" ? controllerSteps(site, model) : outsideSteps(site, model),
    outputs: { ...outputs(site), successor: { ...successor } },
    warnings,
  };
}

/** The mesh's objects come before the workloads: the controller lets no pod in that belongs to no node. */
function controllerSteps(site: Site, model: MeshModel): Step[] {
  const chart = controllerChart(site);
  return [
    objectStep("namespaces", { objects: namespaces(site), dependsOn: [] }),
    {
      id: chart.release,
      dependsOn: ["namespaces"],
      readiness: "ready",
      do: { kind: "chart", chart },
    },
    objectStep("mesh", {
      objects: [...headlessServices(site), ...meshObjects(model, site)],
      dependsOn: [chart.release],
    }),
    ...podSteps(site),
    objectStep(WORKLOADS, { objects: [], dependsOn: ["mesh"] }),
  ];
}

function outsideSteps(site: Site, model: MeshModel): Step[] {
  const steps = apiSteps(model, site);
  const made = [...namespaces(site), ...headlessServices(site)];
  const last = steps.slice(-1).map((s) => s.id);
  return [
    ...(made.length === 0 ? [] : [objectStep("namespaces", { objects: made, dependsOn: [] })]),
    ...steps,
    ...(site.options.platform === "eks" ? podSteps(site) : []),
    objectStep(WORKLOADS, {
      objects: [],
      dependsOn: [...(made.length === 0 ? [] : ["namespaces"]), ...last],
    }),
  ];
}

function podSteps(site: Site): Step[] {
  const objects = site.intent.gateways.flatMap((gateway) => gatewayPods(gateway, site));
  const dependsOn = site.options.form === "controller" ? ["mesh"] : ["namespaces", "gateways"];
  return objects.length === 0 ? [] : [objectStep("gateway-pods", { objects, dependsOn })];
}

function objectStep(
  id: string,
  { objects, dependsOn }: { objects: readonly KubeObject[]; dependsOn: readonly string[] },
): Step {
  return { id, dependsOn, readiness: "ready", do: { kind: "objects", objects } };
}

function features({ intent, options, cluster }: Site): FeatureRequest[] {
  if (options.platform !== "eks") return [];
  const exposures = new Set(intent.gateways.map((g) => g.exposure));
  return (["internal", "public"] as const)
    .filter((exposure) => exposures.has(exposure) && cluster.loadBalancer)
    .map((exposure) => ({ kind: "loadBalancer", exposure }));
}

/** What other stacks and people want to know: what services are called, and how proxies are run beside them. */
function outputs(site: Site): MeshPlan["outputs"] {
  const { intent, options } = site;
  return {
    mesh: options.meshName,
    mtls: intent.mtls.mode,
    trustDomain: intent.mtls.trustDomain,
    services: Object.fromEntries(intent.services.map((s) => [s.key, hostOf(s, options)])),
    gateways: Object.fromEntries(intent.gateways.map((g) => [g.name, gatewayOutputs(g, site)])),
    proxies: proxyOutputs(site),
  };
}
