import type { JsonObject } from "../../../../lib";
import type { RateLimit, Service } from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import type { Site } from "../site";

const FILTER = "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit";
const ALWAYS = { numerator: 100, denominator: "HUNDRED" };

/** Limits that each proxy of a service counts for itself. Istio has no words for them, so that Envoy's are used. */
export function rateLimits({ intent }: Site): KubeObject[] {
  return intent.services.flatMap((service) => {
    const limits = service.traffic.rateLimits.filter((l) => l.scope === "proxy" && l.by === "all");
    return limits.length === 0 ? [] : [rateLimitFilter(service, limits)];
  });
}

function rateLimitFilter({ name, namespace, selector }: Service, limits: readonly RateLimit[]): KubeObject {
  return kubeObject({
    apiVersion: "networking.istio.io/v1alpha3",
    kind: "EnvoyFilter",
    name: `${name}-rate-limit`,
    namespace,
    spec: {
      workloadSelector: { labels: selector },
      configPatches: limits.map((limit, i) => ({
        applyTo: "HTTP_FILTER",
        match: {
          context: "SIDECAR_INBOUND",
          listener: {
            filterChain: {
              filter: {
                name: "envoy.filters.network.http_connection_manager",
                subFilter: { name: "envoy.filters.http.router" },
              },
            },
          },
        },
        // After the policies: what they refuse is not counted.
        patch: { operation: "INSERT_BEFORE", value: filter(limit, `rate-limit-${i}`) },
      })),
    },
  });
}

function filter({ requests, perMs }: RateLimit, name: string): JsonObject {
  return {
    name,
    typed_config: {
      "@type": FILTER,
      stat_prefix: name.replaceAll("-", "_"),
      // Envoy reads durations in seconds only.
      token_bucket: { max_tokens: requests, tokens_per_fill: requests, fill_interval: `${perMs / 1000}s` },
      filter_enabled: { runtime_key: "local_rate_limit_enabled", default_value: ALWAYS },
      filter_enforced: { runtime_key: "local_rate_limit_enforced", default_value: ALWAYS },
    },
  };
}
