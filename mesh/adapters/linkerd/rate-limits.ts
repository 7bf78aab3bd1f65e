import { errorAt, type Diagnostic, type JsonObject } from "../../../lib";
import { isHttpLike, type RateLimit } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { POLICY } from "./names";
import type { Door } from "./security/servers";

/** One policy for each port that takes requests, of each service with a limit. */
export function rateLimits(doors: readonly Door[]): KubeObject[] {
  return doors
    .filter(({ protocol, service }) => isHttpLike(protocol) && service.traffic.rateLimits.length > 0)
    .map(({ name, service }) =>
      kubeObject({
        apiVersion: `${POLICY}/v1alpha1`,
        kind: "HTTPLocalRateLimitPolicy",
        name,
        namespace: service.namespace,
        spec: {
          targetRef: { group: POLICY, kind: "Server", name },
          ...limit("total", ofKind(service.traffic.rateLimits, "all")),
          ...limit("identity", ofKind(service.traffic.rateLimits, "source")),
        },
      }),
    );
}

function ofKind(limits: readonly RateLimit[], by: RateLimit["by"]): readonly RateLimit[] {
  return limits.filter((l) => l.by === by && l.scope === "proxy");
}

function limit(field: "total" | "identity", [first]: readonly RateLimit[]): JsonObject {
  return first === undefined ? {} : { [field]: { requestsPerSecond: (first.requests * 1000) / first.perMs } };
}

/** Limits that Linkerd cannot count. */
export function rateLimitFaults(doors: readonly Door[]): Diagnostic[] {
  const services = [...new Set(doors.map((d) => d.service))];
  return services.flatMap(({ key, traffic }) => [
    ...traffic.rateLimits.flatMap(windowFaults),
    ...(["all", "source"] as const).flatMap((by) =>
      ofKind(traffic.rateLimits, by)
        .slice(1)
        .map(({ at }) =>
          errorAt(at, {
            code: "unsupported-rate-limit",
            message: `Linkerd has one limit for ${by === "all" ? "all callers" : "each caller"} of ${key}, and another is given`,
            hint: "keep the lower one",
          }),
        ),
    ),
  ]);
}

function windowFaults({ perMs, at }: RateLimit): Diagnostic[] {
  if (perMs === 1000) return [];
  return [
    errorAt([...at, "per"], {
      code: "unsupported-rate-limit",
      message: "Linkerd counts requests per second, and lets none through ahead of time",
      hint: "per: 1s, with the requests of one second",
    }),
  ];
}
