import { byText, present, sortedBy, type FieldPath } from "../../lib";
import { contentText, sortedLabels, unique } from "./order";
import { keyed, type Part } from "./parts";
import type { ParsedIntent } from "./schema";
import type {
  HashKey,
  LoadBalancing,
  Locality,
  OutlierDetection,
  RateLimit,
  Service,
  ServiceTraffic,
} from "./types";

type WrittenService = NonNullable<ParsedIntent["services"]>[string];
type WrittenTraffic = NonNullable<WrittenService["traffic"]>;

/** Services in the order of their keys. */
export function normalizeServices(parts: readonly Part[]): Service[] {
  const services = keyed(parts, "services", (written, { name: key, at }): Service => {
    const [namespace = "", name = ""] = key.split("/");
    const ports = written.ports.map(({ port, targetPort = port, protocol = "http" }) => ({
      port,
      targetPort,
      protocol,
    }));
    return {
      key,
      namespace,
      name,
      serviceAccount: written.serviceAccount,
      sharesServiceAccount: written.sharesServiceAccount ?? false,
      selector: sortedLabels(written.selector ?? { app: name }),
      ports: ports.sort((a, b) => a.port - b.port),
      versions: versionsOf(written, at),
      workloads: written.workloads ?? "kubernetes",
      clusters: unique(written.clusters ?? []),
      traffic: trafficOf(written.traffic ?? {}, [...at, "traffic"]),
      at,
    };
  });
  return services.sort((a, b) => byText(a.key, b.key));
}

function versionsOf({ versions }: WrittenService, at: FieldPath): Service["versions"] {
  const all = Object.entries(versions ?? {}).map(([name, { labels }]) => ({
    name,
    labels: sortedLabels(labels ?? {}),
    at: [...at, "versions", name],
  }));
  return all.sort((a, b) => byText(a.name, b.name));
}

function trafficOf(written: WrittenTraffic, at: FieldPath): ServiceTraffic {
  const { healthCheck: check, loadBalancing, locality, outlierDetection, connectionLimits } = written;
  const limits = (written.rateLimit ?? []).map(({ requests, per, by, scope }, i): RateLimit => ({
    requests,
    perMs: per,
    by: by ?? "all",
    scope: scope ?? "proxy",
    at: [...at, "rateLimit", i],
  }));
  return {
    ...present({
      healthCheck: check && {
        path: check.path,
        intervalMs: check.interval ?? 10_000,
        timeoutMs: check.timeout ?? 1000,
      },
      outlierDetection: outlierDetection && outlierDetectionOf(outlierDetection),
      connectionLimits: connectionLimits && present(connectionLimits),
      loadBalancing: loadBalancing && loadBalancingOf(loadBalancing),
      locality: locality && localityOf(locality),
    }),
    rateLimits: sortedBy(limits, contentText),
    at,
  };
}

/** Defaults are Envoy's. */
function outlierDetectionOf(written: NonNullable<WrittenTraffic["outlierDetection"]>): OutlierDetection {
  return {
    consecutive5xx: written.consecutive5xx ?? 5,
    intervalMs: written.interval ?? 10_000,
    baseEjectionTimeMs: written.baseEjectionTime ?? 30_000,
    maxEjectionPercent: written.maxEjectionPercent ?? 10,
  };
}

function loadBalancingOf(written: NonNullable<WrittenTraffic["loadBalancing"]>): LoadBalancing {
  if (written.kind !== "consistentHash") return { kind: written.kind };
  return { kind: "consistentHash", by: hashKeyOf(written) };
}

/** The schema has seen to it that exactly one of the three is there. */
function hashKeyOf({
  header,
  cookie,
}: {
  header?: string | undefined;
  cookie?: string | undefined;
}): HashKey {
  if (header !== undefined) return { kind: "header", name: header.toLowerCase() };
  return cookie === undefined ? { kind: "sourceIp" } : { kind: "cookie", name: cookie };
}

function localityOf({ prefer, failover }: NonNullable<WrittenTraffic["locality"]>): Locality {
  return { ...present({ prefer }), failover: sortedBy(failover ?? [], contentText) };
}
