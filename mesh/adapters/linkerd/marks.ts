import { errorAt, type Diagnostic } from "../../../lib";
import type { OutlierDetection, Service } from "../../intent/types";
import type { Mark } from "../../plan/types";
import type { Site } from "./site";
import { linkerdDuration } from "./traffic/dialect";

const ACCRUAL = "balancer.linkerd.io/failure-accrual";

/** What Linkerd reads from annotations of the user's own Services. */
export function marks({ intent }: Site): Mark[] {
  return intent.services.flatMap((service) => {
    const annotations = { ...breaker(service), ...opaque(service), ...zones(service) };
    if (Object.keys(annotations).length === 0) return [];
    return [{ kind: "Service", namespace: service.namespace, name: service.name, annotations }];
  });
}

/** Callers' proxies leave an endpoint alone for a while after so many failures in a row. */
function breaker({ traffic }: Service): Mark["annotations"] {
  const { outlierDetection } = traffic;
  if (outlierDetection === undefined) return {};
  const { consecutive5xx, baseEjectionTimeMs } = outlierDetection;
  return {
    [ACCRUAL]: "consecutive",
    [`${ACCRUAL}-consecutive-max-failures`]: String(consecutive5xx),
    [`${ACCRUAL}-consecutive-max-penalty`]: linkerdDuration(longest(outlierDetection)),
    [`${ACCRUAL}-consecutive-min-penalty`]: linkerdDuration(baseEjectionTimeMs),
  };
}

/** The wait grows with each failed try, up to Linkerd's own most, or the first wait if that is longer. */
function longest({ baseEjectionTimeMs }: OutlierDetection): number {
  return Math.max(60_000, baseEjectionTimeMs);
}

/** Ports whose servers may speak first, where waiting for a client's first bytes would hold everything up. */
function opaque({ ports }: Service): Mark["annotations"] {
  const numbers = ports.filter((p) => p.protocol === "tcp").map((p) => p.port);
  return numbers.length === 0
    ? {}
    : { "config.linkerd.io/opaque-ports": [...new Set(numbers)].sort((a, b) => a - b).join(",") };
}

function zones({ traffic }: Service): Mark["annotations"] {
  return traffic.locality?.prefer === "zone" ? { "service.kubernetes.io/topology-mode": "Auto" } : {};
}

/** Linkerd may take out every endpoint there is. */
export function breakerFaults({ intent }: Site): Diagnostic[] {
  return intent.services.flatMap(({ traffic }) => {
    const { outlierDetection, at } = traffic;
    if (outlierDetection === undefined || outlierDetection.maxEjectionPercent === 100) return [];
    return [
      errorAt([...at, "outlierDetection", "maxEjectionPercent"], {
        code: "unsupported-ejection-limit",
        message: "Linkerd takes out every endpoint that keeps failing, however many those are",
        hint: "maxEjectionPercent: 100",
      }),
    ];
  });
}
