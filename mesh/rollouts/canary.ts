import { formatDuration, type JsonObject } from "../../lib";
import type { Rollout, Service, ServicePort } from "../intent/types";
import { isHttpLike } from "../intent/types";
import { kubeObject } from "../plan/objects";
import type { KubeObject } from "../plan/types";

/** Which of Flagger's providers shifts the traffic, and what it needs to know of the mesh. */
export interface RolloutProvider {
  /** `Canary.spec.provider`, as in `istio` or `gatewayapi:v1`. */
  readonly name: string;
  /** More of `Canary.spec.service`, where the provider needs it: `gatewayRefs`. */
  readonly service?: (service: Service) => JsonObject;
  /** Where Flagger's own figures are not the mesh's: how to ask for it, as a PromQL query, and whom. */
  readonly figures?: Figures;
}

/** Queries have Flagger's variables in them: `{{ namespace }}`, `{{ target }}`, `{{ interval }}`. */
export interface Figures {
  /** Of a Prometheus. */
  readonly address: string;
  /** Percent of the answers that are no failures. */
  readonly successRate: string;
  /** The 99th percentile in milliseconds. */
  readonly p99: string;
}

/** Figures of the mesh's own as Flagger reads them, in the namespace of the rollouts that look at them. */
export function metricTemplates({ figures }: RolloutProvider, namespace: string): KubeObject[] {
  if (figures === undefined) return [];
  const { address, successRate, p99 } = figures;
  return [[SUCCESS_RATE, successRate] as const, [LATENCY, p99] as const].map(([name, query]) =>
    kubeObject({
      apiVersion: "flagger.app/v1beta1",
      kind: "MetricTemplate",
      name,
      namespace,
      spec: { provider: { type: "prometheus", address }, query },
    }),
  );
}

const SUCCESS_RATE = "success-rate";
const LATENCY = "latency";

/** The figures are looked at this often where a rollout has no steps of its own. */
const CHECK_EVERY_MS = 60_000;
/** So many looks have to be good before everything is switched at once. */
const CHECKS = 10;
/** So many bad looks take the new version back. */
const FAILURES = 3;

/** The port of whose requests a rollout shifts shares; undefined where there is not exactly one. */
export function rolledPort({ ports }: Service): ServicePort | undefined {
  const fitting = ports.filter((p) => isHttpLike(p.protocol));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** The Canary by which Flagger runs a rollout, of the Deployment that has the service's name. */
export function canary(
  { from, to, strategy, success }: Rollout,
  { service, provider }: { service: Service; provider: RolloutProvider },
): KubeObject {
  const { name, namespace } = service;
  const port = rolledPort(service);
  return kubeObject({
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    name,
    namespace,
    annotations: { "meshwright.dev/from": from, "meshwright.dev/to": to },
    spec: {
      provider: provider.name,
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      service: {
        name,
        ...(port === undefined
          ? {}
          : { port: port.port, targetPort: port.targetPort, portName: port.protocol }),
        ...provider.service?.(service),
      },
      analysis: {
        threshold: FAILURES,
        ...(strategy.kind === "canary"
          ? { interval: formatDuration(strategy.intervalMs), stepWeights: strategy.steps }
          : { interval: formatDuration(CHECK_EVERY_MS), iterations: CHECKS }),
        metrics: metrics(success, {
          intervalMs: strategy.kind === "canary" ? strategy.intervalMs : CHECK_EVERY_MS,
          own: provider.figures !== undefined,
        }),
      },
    },
  });
}

/** Flagger's own figures, or the mesh's. */
function metrics(
  { successRatePercent, p99Ms }: Rollout["success"],
  { intervalMs, own }: { readonly intervalMs: number; readonly own: boolean },
): JsonObject[] {
  const interval = formatDuration(intervalMs);
  const named = (builtIn: string, template: string): JsonObject =>
    own ? { name: template, templateRef: { name: template } } : { name: builtIn };
  return [
    ...(successRatePercent === undefined
      ? []
      : [
          {
            ...named("request-success-rate", SUCCESS_RATE),
            interval,
            thresholdRange: { min: successRatePercent },
          },
        ]),
    ...(p99Ms === undefined
      ? []
      : [{ ...named("request-duration", LATENCY), interval, thresholdRange: { max: p99Ms } }]),
  ];
}
