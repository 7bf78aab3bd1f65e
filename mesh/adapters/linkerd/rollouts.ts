import type { Step } from "../../plan/types";
import { rolloutSteps, type RolloutProvider } from "../../rollouts";
import type { Site } from "./site";

/** What Flagger's own figures would ask Envoys for, Linkerd's proxies count by other names. */
const INBOUND = 'namespace="{{ namespace }}",deployment=~"{{ target }}",direction="inbound"';
const answers = (more: string): string => `sum(rate(response_total{${INBOUND}${more}}[{{ interval }}]))`;
const SUCCESS_RATE = `100 * ${answers(',classification="success"')} / ${answers("")}`;
const P99 = `histogram_quantile(0.99, sum by (le) (rate(response_latency_ms_bucket{${INBOUND}}[{{ interval }}])))`;

/** Flagger, which shifts the traffic by HTTPRoutes of the Service that it rolls out. */
export function rollouts({ intent, lookup, options }: Site, dependsOn: readonly string[]): Step[] {
  const { prometheus } = options;
  if (prometheus === undefined) return [];
  const provider: RolloutProvider = {
    name: "gatewayapi:v1",
    service: ({ name, namespace }) => ({ gatewayRefs: [{ group: "", kind: "Service", name, namespace }] }),
    figures: { address: prometheus, successRate: SUCCESS_RATE, p99: P99 },
  };
  return rolloutSteps({ intent, lookup, provider, mesh: "gatewayapi:v1" }, dependsOn);
}
