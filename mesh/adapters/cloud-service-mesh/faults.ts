import { errorAt, type Diagnostic } from "../../../lib";
import type { NormalizedIntent } from "../../intent/types";
import type { ClusterFeatures } from "../../types";
import { workloadPool } from "./names";
import { keyUrl } from "./objects";
import type { CsmOptions } from "./options";

/** What an intent says that this mesh has the means for, but not for just these values. */
export function csmFaults(
  intent: NormalizedIntent,
  { options, cluster }: { options: CsmOptions; cluster: ClusterFeatures },
): Diagnostic[] {
  return [
    ...trustFaults(intent, options),
    ...exposureFaults(intent, cluster),
    ...telemetryFaults(intent),
    ...keyFaults(intent),
  ];
}

function trustFaults({ mtls }: NormalizedIntent, options: CsmOptions): Diagnostic[] {
  const pool = workloadPool(options);
  if (mtls.trustDomain === "cluster.local" || mtls.trustDomain === pool) return [];
  return [
    errorAt([...mtls.ca.at.slice(0, -1), "trustDomain"], {
      code: "unsupported-trust-domain",
      message: `identities of this mesh are of the fleet's workload identity pool, ${pool}`,
      hint: "leave trustDomain out",
    }),
  ];
}

function exposureFaults({ gateways }: NormalizedIntent, cluster: ClusterFeatures): Diagnostic[] {
  return gateways.flatMap(({ name, exposure, at }) => {
    const lacking =
      exposure === "internal"
        ? cluster.internalLoadBalancer === undefined
        : exposure === "public" && !cluster.loadBalancer;
    if (!lacking) return [];
    const message = `gateway ${name} asks for a load balancer (${exposure}), and this cluster does not say how to have one`;
    return [
      errorAt([...at, "exposure"], { code: "unsupported-exposure", message, hint: "use exposure: cluster" }),
    ];
  });
}

function telemetryFaults({ telemetry }: NormalizedIntent): Diagnostic[] {
  if (telemetry === undefined || telemetry.metrics) return [];
  return [
    errorAt([...telemetry.at, "metrics"], {
      code: "unsupported-telemetry",
      message: "the metrics of this mesh cannot be turned off",
      hint: "leave metrics out",
    }),
  ];
}

/** Proxies speak TLS to the host of keys by themselves, so that an application's own TLS would be wrapped twice. */
function keyFaults({ jwtProviders, egress }: NormalizedIntent): Diagnostic[] {
  return jwtProviders.flatMap((provider) => {
    const url = keyUrl(provider);
    const external = egress?.external.find((e) => url !== undefined && e.hosts.includes(url.host));
    if (url === undefined || external === undefined) return [];
    return [
      errorAt(external.at, {
        code: "unsupported-external",
        message: `${url.host} is where the proxies fetch the keys of ${provider.name}: here they cannot reach it both for that and for applications`,
        hint: "take the host out of egress.external, or write the keys into the provider",
      }),
    ];
  });
}
