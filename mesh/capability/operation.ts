import type { NormalizedIntent, Rollout, Telemetry } from "../intent/types";
import { lacking, partsWith, servicesWith } from "./places";
import type { CapabilityUse, Definition } from "./types";

const FLAGGER = "https://docs.flagger.app/usage/deployment-strategies";
const FEDERATION = "https://spiffe.io/docs/latest/architecture/federation/readme/";

function telemetryWith(
  key: "tracing" | "accessLogs" | "metrics",
  asks: (telemetry: Telemetry) => boolean,
): Definition["uses"] {
  const apply = (intent: NormalizedIntent): NormalizedIntent => {
    const { telemetry } = intent;
    if (telemetry === undefined) return intent;
    return {
      ...intent,
      telemetry: key === "metrics" ? { ...telemetry, metrics: false } : lacking(telemetry, key),
    };
  };
  return ({ telemetry }) =>
    telemetry !== undefined && asks(telemetry)
      ? [{ at: [...telemetry.at, key], without: { part: "intent", apply } }]
      : [];
}

/** A rollout is left out as a whole: its service stays as its routes say. */
function rolloutsBy(kind: Rollout["strategy"]["kind"]): Definition["uses"] {
  return ({ rollouts }) =>
    rollouts
      .filter(({ strategy }) => strategy.kind === kind)
      .map((one): CapabilityUse => ({ at: [...one.at, "strategy"], without: { part: "rollout", of: one } }));
}

const federations = ({ federation }: NormalizedIntent) => (federation === undefined ? [] : [federation]);

/** What is seen, how versions change, and where workloads run. */
export const operation = {
  "telemetry.tracing": {
    title: "traces",
    definition: "Proxies report spans for a share of requests.",
    level: "extended",
    security: false,
    link: "https://opentelemetry.io/docs/concepts/sampling/",
    uses: telemetryWith("tracing", ({ tracing }) => tracing !== undefined),
  },
  "telemetry.accessLogs": {
    title: "access logs",
    definition: "Proxies log requests, or are told not to.",
    level: "core",
    security: false,
    link: "https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage",
    uses: telemetryWith("accessLogs", ({ accessLogs }) => accessLogs !== undefined),
  },
  "telemetry.accessLogs.errors": {
    title: "access logs of errors",
    definition: "Proxies log the requests that failed and no others.",
    level: "extended",
    security: false,
    link: "https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage",
    uses: telemetryWith("accessLogs", ({ accessLogs }) => accessLogs === "errors"),
  },
  "telemetry.metrics": {
    title: "metrics",
    definition: "Proxies count requests, failures and latencies.",
    level: "core",
    security: false,
    link: "https://prometheus.io/docs/concepts/metric_types/",
    uses: telemetryWith("metrics", ({ metrics }) => metrics),
  },
  "rollout.canary": {
    title: "canary rollouts",
    definition: "A new version gets more of the traffic step by step while its figures are good.",
    level: "extended",
    security: false,
    link: FLAGGER,
    uses: rolloutsBy("canary"),
  },
  "rollout.blueGreen": {
    title: "blue-green rollouts",
    definition: "A new version gets all of the traffic at once after its figures were good.",
    level: "extended",
    security: false,
    link: FLAGGER,
    uses: rolloutsBy("blueGreen"),
  },
  federation: {
    title: "several clusters",
    definition: "Services call each other across clusters as if there were one mesh.",
    level: "extended",
    security: false,
    link: FEDERATION,
    uses: partsWith(federations, () => true),
  },
  "federation.sharedRoot": {
    title: "clusters with one root",
    definition: "The clusters trust each other because one root has signed for all.",
    level: "extended",
    security: false,
    link: FEDERATION,
    uses: partsWith(federations, ({ trust }) => trust === "shared-root", ["trust"]),
  },
  "workloads.vm": {
    title: "virtual machines",
    definition: "Workloads on virtual machines are part of the mesh.",
    level: "extended",
    security: false,
    link: "https://developer.hashicorp.com/consul/docs/connect/proxies",
    uses: servicesWith("workloads", ({ workloads }) => workloads === "vm"),
  },
  "workloads.ecs": {
    title: "ECS tasks",
    definition: "Workloads on Amazon ECS are part of the mesh.",
    level: "extended",
    security: false,
    link: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/Welcome.html",
    uses: servicesWith("workloads", ({ workloads }) => workloads === "ecs"),
  },
  "service.clusters": {
    title: "services of some clusters",
    definition: "A service is deployed on some of the clusters and called from all.",
    level: "extended",
    security: false,
    link: FEDERATION,
    uses: servicesWith("clusters", ({ clusters }) => clusters.length > 0),
  },
} as const satisfies { readonly [id: string]: Definition };
