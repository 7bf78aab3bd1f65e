import { errorAt, type Diagnostic } from "../../../../lib";
import type { Service } from "../../../intent/types";
import { agrees } from "../workloads";
import type { Site } from "../site";
import { takesRequests } from "../protocol";

/** What services ask of their callers that depends on their protocol, on where they are, or on other services. */
export function trafficFaults({ intent, options }: Site): Diagnostic[] {
  return [
    ...intent.services.flatMap((s) => [...hashing(s), ...failover(s, options.datacenter), ...versions(s)]),
    ...tracing({ intent }),
  ];
}

function hashing(service: Service): Diagnostic[] {
  const { loadBalancing } = service.traffic;
  if (loadBalancing?.kind !== "consistentHash" || takesRequests(service)) return [];
  const message = `${service.key} takes connections, and Consul hashes requests only`;
  return [errorAt([...service.traffic.at, "loadBalancing"], { code: "unsupported-hash", message })];
}

/** Regions and zones are for the Enterprise edition. */
function failover({ traffic }: Service, datacenter: string): Diagnostic[] {
  return (traffic.locality?.failover ?? [])
    .filter(({ from }) => from !== datacenter)
    .map(({ from }) =>
      errorAt([...traffic.at, "locality", "failover"], {
        code: "unsupported-failover",
        message: `Consul's free edition fails over from its datacenter, which is ${datacenter}, and not from ${from}`,
        hint: "name datacenters, this one by the option datacenter",
      }),
    );
}

function versions({ versions: all }: Service): Diagnostic[] {
  return all
    .filter((v) => !agrees(v.labels))
    .map((v) =>
      errorAt([...v.at, "labels"], {
        code: "unsupported-labels",
        message: `two labels of version ${v.name} would have the same name in Consul, which has letters, digits, _ and - only`,
        hint: "tell the version by one of them",
      }),
    );
}

function tracing({ intent }: Pick<Site, "intent">): Diagnostic[] {
  const { telemetry } = intent;
  if (telemetry?.tracing === undefined || telemetry.tracing.endpoint !== undefined) return [];
  const message = "Consul brings no collector of spans, and nothing says where they go";
  const hint = "name one: endpoint: otel-collector.observability.svc.cluster.local:4317";
  return [errorAt([...telemetry.at, "tracing"], { code: "missing-endpoint", message, hint })];
}
