import { errorAt, infoAt, type Diagnostic } from "../../lib";
import type { Lookup } from "../intent/lookup";
import type { NormalizedIntent, Rollout, Service } from "../intent/types";
import { rolledPort } from "./canary";
import { ROLLOUT_LABEL } from "./steps";

/** What stands in the way of Flagger's running the rollouts, and what it needs of the workloads. */
export function rolloutFaults(intent: NormalizedIntent, lookup: Lookup): Diagnostic[] {
  return intent.rollouts.flatMap((rollout) => {
    const service = lookup.service(rollout.service);
    return service === undefined ? [] : [...faults(rollout, { service, intent }), need(rollout, service)];
  });
}

function faults(
  { at }: Rollout,
  { service, intent }: { service: Service; intent: NormalizedIntent },
): Diagnostic[] {
  const { key } = service;
  const routed = intent.routes.filter((route) => route.for.kind === "service" && route.for.service === key);
  const several = intent.rollouts.filter((r) => r.service === key).length > 1;
  return [
    ...routed.map((route) =>
      errorAt(route.at, {
        code: "rollout-routes",
        message: `Flagger writes the routes of ${key} while it rolls it out, and this would be another`,
        hint: "take the route out, or the rollout",
      }),
    ),
    ...(several
      ? [
          errorAt(at, {
            code: "rollout-clash",
            message: `${key} has several rollouts`,
            hint: "run one after another",
          }),
        ]
      : []),
    ...(rolledPort(service) === undefined
      ? [
          errorAt(at, {
            code: "rollout-port",
            message: `Flagger shifts the requests of one port, and ${key} has not exactly one that carries requests`,
            hint: "roll out a service with one port of http, http2 or grpc",
          }),
        ]
      : []),
  ];
}

function need({ at }: Rollout, { name, namespace }: Service): Diagnostic {
  return infoAt(at, {
    code: "needs-label",
    message: `Flagger finds the workload by its label: the Deployment ${namespace}/${name} must select its pods by ${ROLLOUT_LABEL}: ${name}`,
    hint: `from then on Flagger keeps the Service ${namespace}/${name} and a copy of the Deployment, ${name}-primary`,
  });
}
