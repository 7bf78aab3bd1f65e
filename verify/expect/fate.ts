import type { HttpRoute, NormalizedIntent } from "../../mesh/intent/types";
import { parseCluster } from "../envoy/clusters";
import type { Request } from "../envoy/match";
import { summed, type Fate } from "../envoy/routing";
import type { Observed } from "../types";
import type { ProxyConfig } from "../xds/types";
import { ruleFor } from "./routing";
import { hasLabels } from "./workloads";

/** What is to happen to a request, in words that compare: `shop/cart:80 v1` → 0.9, or a status. */
export type Shares = ReadonlyMap<string, number>;

/** By the intent: the backends of the rule that takes it; 404 if none does. */
export function wantedShares(routes: readonly HttpRoute[], request: Request): Shares {
  const rule = ruleFor(routes, request);
  if (rule === undefined) return new Map([["status 404", 1]]);
  const total = rule.backends.reduce((sum, backend) => sum + backend.weight, 0);
  return summed(
    rule.backends.map((b) => [backendName(b.service, b.port, b.version), b.weight / total] as const),
  );
}

export function backendName(service: string, port: number | undefined, version?: string): string {
  return `${service}:${port ?? "?"}${version === undefined ? "" : ` ${version}`}`;
}

/** By the proxy: the versions of the pods that its clusters hold. */
export function actualShares(fate: Fate, proxy: ProxyConfig, known: Known): Shares {
  if (fate.kind === "answer") return new Map([[`status ${fate.status}`, 1]]);
  if (fate.kind === "unknown") return new Map([["a condition unknown here", 1]]);
  return summed(
    [...fate.shares].map(([cluster, share]) => [clusterName(cluster, proxy, known), share] as const),
  );
}

export interface Known {
  readonly intent: NormalizedIntent;
  readonly observed: Observed;
}

function clusterName(name: string, proxy: ProxyConfig, { intent, observed }: Known): string {
  const target = parseCluster(name);
  if (target === undefined) return `cluster ${name}`;
  if (target.subset === "") return backendName(target.service, target.port);
  const versions = intent.services.find((service) => service.key === target.service)?.versions ?? [];
  const wanted = versions.find((version) => version.name === target.subset);
  const strays = podsOf(name, proxy, observed).filter((pod) => !hasLabels(pod.labels, wanted?.labels ?? {}));
  const version =
    strays.length > 0 ? `${target.subset} with pods of another version (${strays[0]?.name})` : target.subset;
  return backendName(target.service, target.port, version);
}

function podsOf(cluster: string, proxy: ProxyConfig, observed: Observed): Observed["pods"] {
  const assignment = proxy.endpoints.find((candidate) => candidate.clusterName === cluster);
  const ips = (assignment?.endpoints ?? [])
    .flatMap((group) => group.lbEndpoints ?? [])
    .map((endpoint) => endpoint.endpoint?.address?.socketAddress?.address);
  return observed.pods.filter((pod) => ips.includes(pod.ip));
}

export function sameShares(a: Shares, b: Shares): boolean {
  return a.size === b.size && [...a].every(([key, share]) => Math.abs((b.get(key) ?? -1) - share) < 1e-6);
}

/** `80% shop/cart:80 v1, 20% shop/cart:80 v2` */
export function formatShares(shares: Shares): string {
  const parts = [...shares].sort(([a], [b]) => (a < b ? -1 : 1));
  return parts.map(([key, share]) => `${Number((share * 100).toFixed(2))}% ${key}`).join(", ");
}
