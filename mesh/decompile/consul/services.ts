import { isDnsLabel, isHost, present } from "../../../lib";
import { contentText } from "../../intent/order";
import type { ConnectionLimits, LoadBalancing, OutlierDetection, Protocol } from "../../intent/types";
import type { DraftService } from "../draft";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { positiveDuration, wholeOf } from "../values";
import { GROUP, serviceCalled, serviceNamed, type Consul } from "./model";

/** What ServiceDefaults say of services: their protocol and mTLS, whom they ask about requests, how they call others. */
export function readServiceDefaults(consul: Consul): void {
  const items = consul.manifests.take(GROUP, "ServiceDefaults");
  for (const item of items) {
    if (item.spec.get("destination").there) readOutside(item, consul);
    else readDefaults(item, consul);
  }
  for (const { spec } of items) readCommon(spec.get("upstreamConfig", "defaults"), consul);
}

/** How one service calls all others. */
function readCommon(field: Field, { draft }: Consul): void {
  if (!field.there) return;
  for (const service of draft.services.values()) treat(service, field);
}

const PROTOCOLS = ["http", "http2", "grpc", "tcp"] as const;

function readDefaults({ name, namespace, spec }: Item, consul: Consul): void {
  const protocol = spec.get("protocol").word(...PROTOCOLS);
  // A name that only exists to be split.
  if (serviceCalled(name, namespace, consul) === undefined && consul.splitters.has(name)) return;
  const service = serviceNamed(name, { namespace, field: spec }, consul);
  if (protocol !== undefined) setProtocol(service, protocol);
  const mode = spec.get("mutualTLSMode").word("permissive", "strict", "");
  if (mode === "permissive" || mode === "strict")
    consul.draft.overrides.push({ service: service.key, mode, at: spec.at });
  for (const override of spec.get("upstreamConfig", "overrides").items())
    readOverride(override, { namespace, consul });
  for (const extension of spec.get("envoyExtensions").items())
    readExtension(extension, { service, namespace, consul });
}

/** A service has one protocol; TLS of the application itself is tcp to Consul. */
function setProtocol(service: DraftService, protocol: Protocol): void {
  for (const port of service.ports) {
    const opaque = port.protocol === "tls" || port.protocol === "tcp";
    if (protocol === "tcp" ? !opaque : port.protocol !== protocol) port.protocol = protocol;
  }
}

interface Around {
  readonly namespace: string;
  readonly consul: Consul;
}

/** How one service calls another. In an intent all callers treat a service alike. */
function readOverride(override: Field, { namespace, consul }: Around): void {
  const name = override.get("name").text();
  if (name === undefined) return;
  treat(serviceNamed(name, { namespace, field: override }, consul), override);
}

function treat(service: DraftService, override: Field): void {
  const said = present({
    outlierDetection: outliersOf(override.get("passiveHealthCheck")),
    connectionLimits: limitsOf(override.get("limits")),
  });
  for (const [part, value] of Object.entries(said)) {
    const before = (service.traffic as unknown as { readonly [part: string]: unknown })[part];
    if (before === undefined) service.traffic = { ...service.traffic, [part]: value, at: override.at };
    else if (contentText({ v: before }) !== contentText({ v: value })) {
      override.change(`callers treat ${service.key} differently; in an intent all of them treat it alike`);
    }
  }
}

function outliersOf(field: Field): OutlierDetection | undefined {
  if (!field.there) return undefined;
  field.get("enforcingConsecutive5xx").acceptIf(100);
  return {
    consecutive5xx: wholeOf(field.get("maxFailures"), 1, 1000) ?? 5,
    intervalMs: positiveDuration(field.get("interval")) ?? 10_000,
    baseEjectionTimeMs: positiveDuration(field.get("baseEjectionTime")) ?? 30_000,
    maxEjectionPercent: wholeOf(field.get("maxEjectionPercent"), 1, 100) ?? 10,
  };
}

function limitsOf(field: Field): ConnectionLimits | undefined {
  const limits = present({
    maxConnections: wholeOf(field.get("maxConnections"), 1, 1_000_000),
    maxPendingRequests: wholeOf(field.get("maxPendingRequests"), 1, 1_000_000),
    maxRequests: wholeOf(field.get("maxConcurrentRequests"), 1, 1_000_000),
  });
  return Object.keys(limits).length === 0 ? undefined : limits;
}

const WAIT_MS = 200;

/** An extension by which somebody else is asked about requests. */
function readExtension(
  extension: Field,
  { service, namespace, consul }: Around & { service: DraftService },
): void {
  const config = extension.get("arguments", "Config");
  const grpc = config.get("GrpcService").there;
  const target = config.get(grpc ? "GrpcService" : "HttpService", "Target");
  const asked = target.get("Service", "Name").text();
  if (extension.get("name").text() !== "builtin/ext-authz" || asked === undefined) {
    extension.lose({ message: "an extension of Envoy has no place in an intent", security: true });
    return;
  }
  extension.get("arguments", "ProxyType").acceptIf("connect-proxy");
  const authorizer = serviceNamed(asked, { namespace, field: extension }, consul);
  const made = {
    name: authorizer.name,
    service: authorizer.key,
    protocol: grpc ? ("grpc" as const) : ("http" as const),
    timeoutMs: positiveDuration(target.get("Timeout")) ?? WAIT_MS,
    failOpen: extension.get("required").flag() !== true,
  };
  const all = consul.draft.externalAuthorization;
  const same = (other: (typeof all)[number]): boolean =>
    contentText({ ...other, to: [], name: "" }) === contentText({ ...made, to: [], name: "" });
  const i = all.findIndex(same);
  const known = all[i];
  const to = { service: service.key, operations: [] };
  if (known !== undefined) all[i] = { ...known, to: [...known.to, to] };
  else {
    const taken = all.some((other) => other.name === made.name);
    all.push({ ...made, name: taken ? `${made.name}-${all.length}` : made.name, to: [to], at: extension.at });
  }
}

function readOutside({ name, spec }: Item, { draft, outside }: Consul): void {
  const hosts = spec.get("destination", "addresses").texts().filter(isHost);
  const port = spec.get("destination", "port").number();
  const protocol = spec.get("protocol").word(...PROTOCOLS) ?? "tcp";
  if (hosts.length === 0 || port === undefined) {
    spec.lose({ message: "something outside the mesh has hosts and a port, in an intent" });
    return;
  }
  outside.add(name);
  const base = name.endsWith(`-${port}`) ? name.slice(0, -`-${port}`.length) : name;
  const i = draft.external.findIndex((e) => e.name === base && e.hosts.join() === [...hosts].sort().join());
  const known = draft.external[i];
  if (known !== undefined) draft.external[i] = { ...known, ports: [...known.ports, { port, protocol }] };
  else
    draft.external.push({
      name: isDnsLabel(base) ? base : "outside",
      hosts: [...hosts].sort(),
      ports: [{ port, protocol }],
      at: spec.at,
    });
}

/** Versions of services, and how one of their instances is chosen. */
export function readResolvers(consul: Consul): void {
  for (const { name, namespace, spec } of consul.resolvers.values()) {
    const service = serviceNamed(name, { namespace, field: spec }, consul);
    for (const [version, subset] of spec.get("subsets").entries()) readSubset(version, subset, service);
    const loadBalancing = balancingOf(spec.get("loadBalancer"));
    service.traffic = { ...service.traffic, ...present({ loadBalancing }) };
  }
}

const TERM = /^Service\.Meta(?:\.([A-Za-z][\w]*)|\["([^"]+)"\]) == "([^"]*)"$/;

function readSubset(version: string, subset: Field, service: DraftService): void {
  if (!isDnsLabel(version)) return;
  const filter = subset.get("filter");
  const terms = (filter.text() ?? "").split(" and ").map((term) => TERM.exec(term.trim()));
  const labels = Object.fromEntries(
    terms.flatMap((t) => (t === null ? [] : [[t[1] ?? t[2] ?? "", t[3] ?? ""] as const])),
  );
  if (terms.some((term) => term === null))
    filter.change(`the labels of version ${version} are guessed from its filter`);
  const known = service.versions.findIndex((v) => v.name === version);
  if (known !== -1) return;
  service.versions.push({
    name: version,
    labels: Object.keys(labels).length === 0 ? { version } : labels,
    at: subset.at,
  });
}

function balancingOf(field: Field): LoadBalancing | undefined {
  switch (field.get("policy").text()) {
    case "round_robin":
      return { kind: "roundRobin" };
    case "random":
      return { kind: "random" };
    case "least_request":
      return { kind: "leastRequest" };
    case "ring_hash":
    case "maglev":
      return hashOf(field.get("hashPolicies", 0));
    default:
      return undefined;
  }
}

function hashOf(policy: Field): LoadBalancing | undefined {
  if (policy.get("sourceIP").flag() === true) return { kind: "consistentHash", by: { kind: "sourceIp" } };
  const kind = policy.get("field").word("header", "cookie");
  const name = policy.get("fieldValue").text();
  policy.get("cookieConfig", "session").acceptIf(true);
  if (kind === undefined || name === undefined) return undefined;
  return { kind: "consistentHash", by: { kind, name: kind === "header" ? name.toLowerCase() : name } };
}
