import { isDnsLabel, present } from "../../../lib";
import type {
  ConnectionLimits,
  HashKey,
  LoadBalancing,
  Locality,
  OutlierDetection,
} from "../../intent/types";
import type { DraftService } from "../draft";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { positiveDuration, wholeOf } from "../values";
import { serviceAt, type Context } from "./context";

/** Versions of services, and how callers treat their endpoints. */
export function readDestinationRules(context: Context): void {
  for (const item of context.manifests.take("networking.istio.io", "DestinationRule"))
    readRule(item, context);
}

function readRule({ spec, namespace }: Item, context: Context): void {
  const host = spec.get("host");
  const keys = context.draft.jwtProviders.map((p) => /^https?:\/\/([^/:]+)/.exec(p.jwksUri ?? "")?.[1]);
  if (keys.includes(host.text() ?? "")) {
    spec.accept();
    return;
  }
  const policy = spec.get("trafficPolicy");
  readTls(policy.get("tls"));
  if (host.text()?.startsWith("*") === true && policy.unread().length === 0 && !spec.get("subsets").there)
    return;
  const service = serviceAt(host, namespace, context);
  if (service === undefined) return;
  spec.get("exportTo").acceptIf(["*"], []);
  for (const subset of spec.get("subsets").items()) readSubset(subset, service);
  readPolicy(policy, service);
}

/** Istio's own mTLS is what an intent has anyway; everything else is not. */
function readTls(tls: Field): void {
  tls.get("mode").acceptIf("ISTIO_MUTUAL");
}

function readSubset(subset: Field, service: DraftService): void {
  const name = subset.get("name");
  const version = name.text();
  const labels = subset.get("labels").textMap();
  if (version === undefined || !isDnsLabel(version)) {
    subset.lose({ message: "a version has a name of lower-case letters, digits and -" });
    return;
  }
  if (Object.keys(labels).length === 0) {
    subset.change(`version ${version} has no labels that tell its pods from others; add them`);
  }
  subset.get("trafficPolicy", "tls", "mode").acceptIf("ISTIO_MUTUAL");
  service.versions.push({ name: version, labels, at: subset.at });
}

function readPolicy(policy: Field, service: DraftService): void {
  const budget = wholeOf(policy.get("retryBudget", "percent"), 1, 100);
  if (budget !== undefined) service.retryBudget = budget;
  const before = service.traffic;
  service.traffic = {
    ...before,
    ...present({
      outlierDetection: outliersOf(policy.get("outlierDetection")),
      connectionLimits: limitsOf(policy.get("connectionPool")),
      loadBalancing: balancingOf(policy.get("loadBalancer")),
      locality: localityOf(policy.get("loadBalancer", "localityLbSetting")),
    }),
    at: policy.there ? policy.at : before.at,
  };
}

/** With Istio's defaults where it leaves something out: 5 failures, 10 s, 30 s, 10 %. */
function outliersOf(field: Field): OutlierDetection | undefined {
  if (!field.there) return undefined;
  const failures = wholeOf(field.get("consecutive5xxErrors"), 0, 1000) ?? 5;
  const parts = {
    consecutive5xx: failures,
    intervalMs: positiveDuration(field.get("interval")) ?? 10_000,
    baseEjectionTimeMs: positiveDuration(field.get("baseEjectionTime")) ?? 30_000,
    maxEjectionPercent: wholeOf(field.get("maxEjectionPercent"), 1, 100) ?? 10,
  };
  field.get("minHealthPercent").acceptIf(0);
  if (field.entries().length === 0) field.accept();
  return failures === 0 ? undefined : parts;
}

const MOST = 1_000_000;

function limitsOf(pool: Field): ConnectionLimits | undefined {
  const limits = present({
    maxConnections: limitOf(pool.get("tcp", "maxConnections")),
    maxPendingRequests: limitOf(pool.get("http", "http1MaxPendingRequests")),
    maxRequests: limitOf(pool.get("http", "http2MaxRequests")),
  });
  return Object.keys(limits).length === 0 ? undefined : limits;
}

/** Istio writes "no limit" as the greatest number there is. */
function limitOf(field: Field): number | undefined {
  const value = field.number();
  if (value === 2 ** 31 - 1 || value === 0) return undefined;
  return wholeOf(field, 1, MOST);
}

function balancingOf(field: Field): LoadBalancing | undefined {
  const hash = field.get("consistentHash");
  if (hash.there) {
    const by = hashKeyOf(hash);
    return by === undefined ? undefined : { kind: "consistentHash", by };
  }
  switch (field.get("simple").word("ROUND_ROBIN", "RANDOM", "LEAST_REQUEST", "LEAST_CONN")) {
    case "ROUND_ROBIN":
      return { kind: "roundRobin" };
    case "RANDOM":
      return { kind: "random" };
    case "LEAST_REQUEST":
    case "LEAST_CONN":
      return { kind: "leastRequest" };
    default:
      return undefined;
  }
}

function hashKeyOf(hash: Field): HashKey | undefined {
  const header = hash.get("httpHeaderName").text();
  if (header !== undefined) return { kind: "header", name: header.toLowerCase() };
  const cookie = hash.get("httpCookie", "name").text();
  hash.get("httpCookie", "ttl").acceptIf("0s");
  if (cookie !== undefined) return { kind: "cookie", name: cookie };
  return hash.get("useSourceIp").flag() === true ? { kind: "sourceIp" } : undefined;
}

const PLACES: Readonly<Record<string, "zone" | "region">> = {
  "topology.kubernetes.io/zone": "zone",
  "topology.kubernetes.io/region": "region",
};

function localityOf(field: Field): Locality | undefined {
  if (!field.there) return undefined;
  if (field.get("enabled").flag() === false) return undefined;
  const failover = field
    .get("failover")
    .items()
    .flatMap((item) => {
      const [from, to] = [item.get("from").text(), item.get("to").text()];
      return from === undefined || to === undefined ? [] : [{ from, to }];
    });
  const priority = field.get("failoverPriority").items();
  const words = priority.map((item) => item.text() ?? "");
  // Where nothing else is said, the zone comes before the region, and that before the rest.
  const usual = priority.length === 0 && !field.get("distribute").there && failover.length === 0;
  const prefer = usual ? "zone" : PLACES[words[words.length - 1] ?? ""];
  const known = words.every((word) => Object.hasOwn(PLACES, word));
  if (!known)
    field.get("failoverPriority").change("an intent prefers the caller's zone or region, by no other labels");
  return { ...present({ prefer }), failover };
}
