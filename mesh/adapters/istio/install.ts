import { present, type JsonObject } from "../../../lib";
import type { NormalizedIntent } from "../../intent/types";
import type { Chart, Step } from "../../plan/types";
import type { ClusterFeatures } from "../../types";
import { chartStep } from "./chart";
import { memberOf, memberValues } from "./federation";
import { ROOT_NAMESPACE } from "./names";
import type { IstioOptions } from "./options";
import { resourceValues } from "./values";

/** What the install of the control plane depends on. */
export interface InstallInput {
  readonly intent: NormalizedIntent;
  readonly options: IstioOptions;
  readonly cluster: ClusterFeatures;
}

/** The control plane, in the order in which its charts need each other: CRDs, node agent, istiod, nodes' proxies. */
export function installSteps(input: InstallInput, meshConfig: JsonObject): Step[] {
  const { options } = input;
  const ambient = isAmbient(options);
  const cni =
    options.cni || ambient
      ? [chartStep(systemChart("cni", { options, values: cniValues(options) }), ["base"])]
      : [];
  const istiod = systemChart("istiod", { options, values: istiodValues(input, meshConfig) });
  const ztunnel = systemChart("ztunnel", { options, values: ztunnelValues(options) });
  return [
    chartStep(systemChart("base", { options, values: baseValues(input) }), ["namespaces"]),
    ...cni,
    chartStep(istiod, ["base", ...cni.map((s) => s.id)]),
    ...(ambient ? [chartStep(ztunnel, ["cni", "istiod"])] : []),
  ];
}

/** Pods run without sidecars. */
export function isAmbient({ form }: IstioOptions): boolean {
  return form === "ambient" || form === "waypoints";
}

function ztunnelValues(options: IstioOptions): JsonObject {
  return {
    ...present({ revision: options.revision }),
    ...imageValues(options),
    resources: resourceValues(options.resources.ztunnel),
  };
}

function systemChart(
  chart: string,
  { options, values }: { options: IstioOptions; values: JsonObject },
): Chart {
  const { version, charts: source } = options;
  return { chart, version, source, release: chart, namespace: ROOT_NAMESPACE, values };
}

function baseValues({ options, cluster }: InstallInput): JsonObject {
  return { ...present({ defaultRevision: options.revision }), base: validation(cluster) };
}

/**
 * The charts apply the validator as `Ignore` and leave it to istiod to flip it to `Fail`: a change behind the engine's
 * back on every `up`. Nothing is validated before istiod is up, so it can be `Fail` from the start.
 */
function validation({ webhooks }: ClusterFeatures): JsonObject {
  return {
    validationFailurePolicy: "Fail",
    ...(webhooks.kind === "url" ? { validationURL: `${webhooks.origin}/validate` } : {}),
  };
}

function istiodValues({ intent, options, cluster }: InstallInput, meshConfig: JsonObject): JsonObject {
  const { revision, revisionTags, resources } = options;
  return {
    ...(isAmbient(options) ? { profile: "ambient" } : {}),
    ...scale(options),
    ...present({ revision }),
    ...(revisionTags.length === 0 ? {} : { revisionTags }),
    resources: resourceValues(resources.controlPlane),
    base: validation(cluster),
    ...(cluster.webhooks.kind === "url"
      ? { istiodRemote: { injectionURL: `${cluster.webhooks.origin}/inject` } }
      : {}),
    ...(cluster.proxy === "mesh" ? {} : STOCK_PROXY),
    ...(options.cni || isAmbient(options) ? { cni: { enabled: true } } : {}),
    meshConfig,
    global: {
      ...imageValues(options),
      proxy: { resources: resourceValues(resources.proxy) },
      ...memberValues(memberOf(intent, options), intent),
    },
  };
}

/** An Envoy without Istio's own filters refuses configuration that names them. */
const STOCK_PROXY: JsonObject = {
  env: { PILOT_ENABLE_ALPN_FILTER: "false", PILOT_ENABLE_METADATA_EXCHANGE: "false" },
  telemetry: { enabled: false },
};

function scale({ profile }: IstioOptions): JsonObject {
  if (profile === "minimal") return { autoscaleEnabled: false, replicaCount: 1 };
  return { autoscaleEnabled: true, autoscaleMin: 2, autoscaleMax: 5, ...spread({ app: "istiod" }) };
}

/** Replicas on different nodes, where there are any. */
export function spread(labels: { readonly [label: string]: string }): JsonObject {
  return {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: labels },
      },
    ],
  };
}

function cniValues(options: IstioOptions): JsonObject {
  return { ...(isAmbient(options) ? { profile: "ambient" } : {}), global: imageValues(options) };
}

function imageValues({ images }: IstioOptions): JsonObject {
  const { hub, tag, pullSecrets } = images;
  return { hub, tag, ...(pullSecrets.length === 0 ? {} : { imagePullSecrets: pullSecrets }) };
}
