import { present } from "../../../lib";
import { goDuration } from "../values";
import type { Draft } from "../draft";
import type { Field } from "../field";
import type { Manifests } from "../manifests";
import { POLICY } from "./model";

const ACCRUAL = "balancer.linkerd.io/failure-accrual";

/** What annotations of Services say of their endpoints. */
export function readServiceAnnotations(manifests: Manifests, draft: Draft): void {
  for (const { annotations, namespace, name } of manifests.take("", "Service")) {
    const service = draft.services.get(`${namespace}/${name}`);
    if (service === undefined) continue;
    const outlierDetection = breakerOf(annotations);
    const zones = [
      annotations.get("service.kubernetes.io/topology-mode"),
      annotations.get("service.kubernetes.io/topology-aware-hints"),
    ];
    const prefer = zones.some((field) => /^auto$/i.test(field.text() ?? "")) ? ("zone" as const) : undefined;
    service.traffic = {
      ...service.traffic,
      ...present({ outlierDetection, locality: prefer && { prefer, failover: [] } }),
    };
    annotations.get("config.linkerd.io/opaque-ports").text();
    loseOthers(annotations);
  }
}

/** Linkerd takes out every endpoint that keeps failing, and looks at none at intervals. */
function breakerOf(annotations: Field) {
  if (annotations.get(ACCRUAL).text() !== "consecutive") return undefined;
  const failures = Number(annotations.get(`${ACCRUAL}-consecutive-max-failures`).text() ?? "7");
  const wait = goDuration(annotations.get(`${ACCRUAL}-consecutive-min-penalty`).text() ?? "1s");
  annotations.get(`${ACCRUAL}-consecutive-max-penalty`).text();
  annotations.get(`${ACCRUAL}-consecutive-jitter-ratio`).text();
  if (!Number.isInteger(failures) || failures < 1 || wait === undefined || wait < 1) return undefined;
  return {
    consecutive5xx: failures,
    intervalMs: 10_000,
    baseEjectionTimeMs: Math.round(wait),
    maxEjectionPercent: 100,
  };
}

function loseOthers(annotations: Field): void {
  for (const [key, field] of annotations.entries()) {
    if (!/(^|\.)linkerd\.io\//.test(key)) continue;
    for (const unread of field.unread())
      unread.lose({ message: `the annotation ${key} has no place in an intent` });
  }
}

/** Limits of requests at a Server are those of its services. */
export function readRateLimits(
  manifests: Manifests,
  services: (server: string) => readonly { readonly key: string }[],
  draft: Draft,
): void {
  for (const { spec, namespace } of manifests.take(POLICY, "HTTPLocalRateLimitPolicy")) {
    const target = `${namespace}/${spec.get("targetRef", "name").text() ?? ""}`;
    for (const key of ["group", "kind"]) spec.get("targetRef", key).text();
    const limits = [limitOf(spec.get("total"), "all"), limitOf(spec.get("identity"), "source")].flatMap(
      (l) => l ?? [],
    );
    const own = services(target);
    if (own.length === 0) spec.lose({ message: "the Server that this limits is not among the manifests" });
    for (const { key } of own) {
      const service = draft.services.get(key);
      if (service === undefined) continue;
      const known = service.traffic.rateLimits;
      const added = limits.filter((l) => !known.some((k) => k.by === l.by && k.requests === l.requests));
      service.traffic = { ...service.traffic, rateLimits: [...known, ...added] };
    }
  }
}

function limitOf(field: Field, by: "all" | "source") {
  const requests = field.get("requestsPerSecond").number();
  if (requests === undefined || !Number.isInteger(requests) || requests < 1) return undefined;
  return { requests, perMs: 1000, by, scope: "proxy" as const, at: field.at };
}
