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
}

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
        metrics: metrics(success, strategy.kind === "canary" ? strategy.intervalMs : CHECK_EVERY_MS),
      },
    },
  });
}

/** Flagger's own figures, which it has for every provider. */
function metrics({ successRatePercent, p99Ms }: Rollout["success"], intervalMs: number): JsonObject[] {
  const interval = formatDuration(intervalMs);
  return [
    ...(successRatePercent === undefined
      ? []
      : [{ name: "request-success-rate", interval, thresholdRange: { min: successRatePercent } }]),
    ...(p99Ms === undefined ? [] : [{ name: "request-duration", interval, thresholdRange: { max: p99Ms } }]),
  ];
}
