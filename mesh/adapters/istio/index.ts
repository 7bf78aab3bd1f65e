import {
  errorAt,
  found,
  formatDiagnostic,
  settle,
  type Diagnostic,
  type FieldPath,
  type Result,
} from "../../../lib";
import { rolloutFaults } from "../../rollouts";
import { jsonSchemaOf } from "../../schema";
import type { ConfiguredMesh, MeshAdapter, Target } from "../../types";
import { tableOf } from "./capabilities";
import { siteFaults } from "./faults";
import { federationFaults } from "./federation";
import { atWaypoints, gatewayRouteFaults, withoutWaypoints } from "./gateway-api";
import { gatewayFaults } from "./gateways";
import { isAmbient, type InstallInput } from "./install";
import { namespaceFaults } from "./namespaces";
import { optionsSchema, readOptions, type IstioOptions } from "./options";
import { planOf, siteOf } from "./plan";

/** Istio, in each of its forms. */
export const istio: MeshAdapter = {
  title: "Istio",
  lifecycle: { stage: "ga" },
  forms: [
    { title: "sidecar", options: { cluster: "east" } },
    { title: "sidecar, Gateway API", options: { routes: "gatewayApi", cluster: "east" } },
    { title: "ambient", options: { mode: "ambient" } },
    { title: "ambient with waypoints", options: { mode: "ambient", waypoints: "namespace" } },
  ],
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
    capabilities: () => tableOf(options),
    plan: (intent, { cluster }: Target) => {
      const input = { intent, options, cluster };
      const faults = once([
        ...clusterFaults(input, at),
        ...namespaceFaults(intent, options),
        ...gatewayFaults(input),
        ...federationFaults(intent, { options, cluster, at }),
        ...formFaults(input),
      ]);
      return settle(planOf(input, faults), faults);
    },
  };
}

function formFaults({ intent, options }: InstallInput): Diagnostic[] {
  const site = siteOf(intent, options);
  const { form, gatewayNamespace } = options;
  return [
    ...siteFaults(site),
    ...rolloutFaults(intent, site.lookup),
    ...(form === "sidecar" ? [] : gatewayRouteFaults(site, gatewayNamespace)),
    ...(form === "ambient" ? withoutWaypoints(site) : []),
    ...(form === "waypoints" ? atWaypoints(site) : []),
  ];
}

/** Two ways to write a route find the same fault. */
function once(faults: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(faults.map((fault) => [formatDiagnostic(fault), fault])).values()];
}

function clusterFaults({ options, cluster }: InstallInput, at: FieldPath): Diagnostic[] {
  if (cluster.netAdmin || options.cni || isAmbient(options)) return [];
  const message = "pods of this cluster may not hold NET_ADMIN, which sidecars need to redirect traffic";
  return [
    errorAt(at, { code: "needs-cni", message, hint: "set cni: true, so that a node agent redirects it" }),
  ];
}
