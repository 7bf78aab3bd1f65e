import { present } from "../../../lib";
import type { Telemetry } from "../../intent/types";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { isRoot, type Context } from "./context";

/** What the proxies of the whole mesh report; of parts of it an intent does not speak. */
export function readTelemetry({ manifests, draft }: Context): void {
  for (const item of manifests.take("telemetry.istio.io", "Telemetry")) {
    if (isAudit(item)) continue;
    if (!isRoot(item.namespace) || item.spec.get("selector").there || item.spec.get("targetRefs").there) {
      item.spec.lose({ message: "telemetry is the whole mesh's, in an intent" });
      continue;
    }
    draft.telemetry = telemetryOf(item.spec, draft);
  }
}

/** A log of what AUDIT policies mark: it goes with the access that audits. */
function isAudit({ spec }: Item): boolean {
  const logging = spec.get("accessLogging", 0, "filter", "expression");
  const narrowed = spec.get("selector").there || spec.get("targetRefs").there;
  if (!narrowed || logging.text()?.includes("access_log_hint") !== true) return false;
  spec.accept();
  return true;
}

function telemetryOf(spec: Field, { collectors }: Context["draft"]): Telemetry {
  const tracing = spec.get("tracing", 0);
  const samplingPercent = tracing.get("randomSamplingPercentage").number();
  const endpoint = providersOf(tracing)
    .map((name) => collectors.get(name))
    .find((e) => e !== undefined);
  const metrics = spec.get("metrics", 0, "overrides", 0);
  const off =
    metrics.get("disabled").flag() === true && metrics.get("match", "metric").text() === "ALL_METRICS";
  return {
    ...(samplingPercent === undefined ? {} : { tracing: { samplingPercent, ...present({ endpoint }) } }),
    ...present({ accessLogs: logsOf(spec.get("accessLogging", 0)) }),
    metrics: !off,
    at: spec.at,
  };
}

function providersOf(field: Field): string[] {
  return field
    .get("providers")
    .items()
    .flatMap((provider) => provider.get("name").text() ?? []);
}

function logsOf(field: Field): Telemetry["accessLogs"] {
  if (!field.there) return undefined;
  const [provider] = providersOf(field);
  if (provider !== undefined && provider !== "envoy") {
    field.get("providers").change("an intent's log is that of the proxies' standard output");
  }
  if (field.get("disabled").flag() === true) return "off";
  const filter = field.get("filter", "expression");
  const expression = filter.text();
  if (expression === undefined) return "all";
  if (!/^response\.code >= (400|500)\b/.test(expression))
    filter.change("an intent logs all requests, none, or those that fail");
  return "errors";
}
