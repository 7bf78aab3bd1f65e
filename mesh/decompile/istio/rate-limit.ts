import type { RateLimit } from "../../intent/types";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { chosenBy } from "../services";
import { goDuration } from "../values";
import type { Context } from "./context";

const LOCAL = /local_ratelimit\.v3\.LocalRateLimit$/;

/** Istio has no words for rate limits; EnvoyFilters that do nothing else than limit a service's requests are read. */
export function readRateLimits({ manifests, draft }: Context): void {
  for (const item of manifests.take("networking.istio.io", "EnvoyFilter")) {
    const limits = item.spec
      .get("configPatches")
      .items()
      .map((patch) => limitOf(patch));
    const known = limits.filter((limit): limit is RateLimit => limit !== undefined);
    const services = chosenBy(draft, item.namespace, item.spec.get("workloadSelector", "labels").textMap());
    if (known.length < limits.length || services.length === 0) {
      lose(item);
      continue;
    }
    item.spec.accept();
    for (const service of services) {
      service.traffic = { ...service.traffic, rateLimits: [...service.traffic.rateLimits, ...known] };
    }
  }
}

function lose({ spec }: Item): void {
  spec.lose({
    message: "Envoy's own configuration has no place in an intent",
    hint: "keep it under raw: { istio: [ … ] }",
  });
}

function limitOf(patch: Field): RateLimit | undefined {
  const config = patch.get("patch", "value", "typed_config");
  const bucket = config.get("token_bucket");
  const requests = bucket.get("tokens_per_fill").number() ?? bucket.get("max_tokens").number();
  const perMs = goDuration(bucket.get("fill_interval").text() ?? "");
  const local = LOCAL.test(config.get("@type").text() ?? "") && !config.get("descriptors").there;
  const inbound = patch.get("match", "context").text() === "SIDECAR_INBOUND";
  if (!local || !inbound || requests === undefined || perMs === undefined || perMs < 1) return undefined;
  return { requests, perMs: Math.round(perMs), by: "all", scope: "proxy", at: patch.at };
}
