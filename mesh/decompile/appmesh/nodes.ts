import { byText, isDnsLabel, present } from "../../../lib";
import type { ConnectionLimits, OutlierDetection, Protocol, ServiceTraffic } from "../../intent/types";
import { contentText } from "../../intent/order";
import type { DraftService } from "../draft";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { hasAll } from "../services";
import { wholeOf } from "../values";
import { foldedService } from "./fold";
import {
  durationMs,
  GROUP,
  hostOf,
  keyOf,
  placeOf,
  reference,
  type AppMesh,
  type NodeMeaning,
} from "./model";
import { targetsIn } from "./targets";

type Labels = { readonly [key: string]: string };

/**
 * What each virtual node is: a service where it has the service's pods, a version where it has a part of them. Where no
 * Service tells, the nodes that a virtual service leads to are its versions.
 */
export function readNodes(mesh: AppMesh): void {
  for (const [key, node] of mesh.nodes) {
    const meaning = byPods(node, mesh);
    if (meaning !== undefined) mesh.meanings.set(key, meaning);
  }
  // First those that nodes have their name from; what is left leads to nodes that are known by then.
  const named = [...mesh.services.values()].sort(
    (a, b) => Number(namesNode(b, mesh)) - Number(namesNode(a, mesh)),
  );
  for (const item of named) readVirtualService(item, mesh);
  for (const [key, node] of mesh.nodes) {
    const { service } = mesh.meanings.get(key) ?? { service: undefined };
    if (service !== undefined) readNode(node, service);
  }
}

function namesNode(item: Item, mesh: AppMesh): boolean {
  return nodesBehind(item, mesh).some(({ name }) => name === item.name || name.startsWith(`${item.name}-`));
}

function podsOf({ spec }: Item): Labels {
  return spec.get("podSelector", "matchLabels").textMap();
}

/** Labels of the pods that a node finds: its own, or those of the Service that it finds them by. */
function foundBy(node: Item, { manifests }: AppMesh): Labels {
  const pods = podsOf(node);
  if (Object.keys(pods).length > 0) return pods;
  const place = placeOf(node.spec.get("serviceDiscovery", "dns", "hostname").text() ?? "");
  const services = manifests.take("", "Service");
  const service = services.find((s) => place !== undefined && keyOf(s) === keyOf(place));
  return service?.spec.get("selector").textMap() ?? {};
}

function byPods(node: Item, mesh: AppMesh): NodeMeaning | undefined {
  const { draft } = mesh;
  const pods = foundBy(node, mesh);
  const around = [...draft.services.values()]
    .filter((s) => s.namespace === node.namespace && hasAll(pods, s.selector))
    .sort((a, b) => Object.keys(b.selector).length - Object.keys(a.selector).length);
  const folded = draft.versions.get(keyOf(node));
  const whole = folded === undefined ? undefined : draft.services.get(folded.service);
  if (folded !== undefined && whole !== undefined) return { service: whole, version: folded.version };
  const [service] = around;
  if (service === undefined) return undefined;
  const own = Object.entries(pods).filter(([label]) => !Object.hasOwn(service.selector, label));
  return own.length === 0
    ? { service }
    : { service, version: versionOf(node, service, Object.fromEntries(own)) };
}

/** The version's name: the node's own beyond the service's; added where no manifest told of it. */
function versionOf({ name, root }: Item, service: DraftService, labels: Labels): string {
  const same = service.versions.find((v) => contentText(v.labels) === contentText(labels));
  if (same !== undefined) return same.name;
  const rest = name.startsWith(`${service.name}-`) ? name.slice(service.name.length + 1) : name;
  const version = isDnsLabel(rest) ? rest : "other";
  service.versions.push({ name: version, labels, at: root.at });
  return version;
}

/** The service behind a virtual service, and the meaning of the nodes that it leads to and nobody knows yet. */
function readVirtualService(item: Item, mesh: AppMesh): void {
  const host = hostOf(item);
  const nodes = nodesBehind(item, mesh);
  const place = placeOf(host);
  const known = place === undefined ? undefined : mesh.draft.services.get(keyOf(place));
  const unknown = nodes.filter((node) => !mesh.meanings.has(keyOf(node)));
  if (known !== undefined) mesh.called.set(keyOf(item), known);
  if (known === undefined && unknown.length === 0 && nodes.length > 0 && !isForGateways(item, mesh)) {
    // A name of its own before services that have theirs.
    const own = foldedService(item, nodes, mesh) ?? madeUp(item, { nodes, mesh });
    mesh.called.set(keyOf(item), own);
    return;
  }
  if (unknown.length === 0 || (known === undefined && unknown.every((node) => isOutside(node, host)))) return;
  const service = known ?? madeUp(item, { nodes: unknown, mesh });
  mesh.called.set(keyOf(item), service);
  for (const node of unknown) {
    if (unknown.length === 1 && nodes.length === 1) mesh.meanings.set(keyOf(node), { service });
    else
      mesh.meanings.set(keyOf(node), { service, version: versionOf(node, service, beyond(node, service)) });
  }
}

/** Whether gateways lead to a virtual service and no node calls it: then its routes are the gateways'. */
function isForGateways(item: Item, { manifests, nodes }: AppMesh): boolean {
  const key = keyOf(item);
  const led = manifests
    .take(GROUP, "GatewayRoute")
    .some(({ spec, namespace }) => targetServices(spec, namespace).includes(key));
  const called = [...nodes.values()].some(({ spec, namespace }) =>
    spec
      .get("backends")
      .items()
      .some((b) => reference(b.get("virtualService", "virtualServiceRef"), namespace) === key),
  );
  return led && !called;
}

function targetServices(spec: Field, namespace: string): string[] {
  const kinds = ["httpRoute", "http2Route", "grpcRoute"];
  return kinds.flatMap((kind) => {
    const target = spec.get(kind, "action", "target", "virtualService", "virtualServiceRef");
    return reference(target, namespace) ?? [];
  });
}

/** A node that is found by the very name it is called by, and has no pods. */
export function isOutside(node: Item, host: string): boolean {
  const { spec } = node;
  return !spec.get("podSelector").there && spec.get("serviceDiscovery", "dns", "hostname").text() === host;
}

export function nodesBehind({ spec, namespace }: Item, { nodes, routers }: AppMesh): Item[] {
  const provider = spec.get("provider");
  const router = routers.get(reference(provider.get("virtualRouter", "virtualRouterRef"), namespace) ?? "");
  const direct = reference(provider.get("virtualNode", "virtualNodeRef"), namespace);
  const keys = router === undefined ? [direct ?? ""] : targetsIn(router);
  return [...new Set(keys)].flatMap((key) => nodes.get(key) ?? []);
}

function madeUp(item: Item, { nodes, mesh }: { nodes: readonly Item[]; mesh: AppMesh }): DraftService {
  const service = mesh.draft.service(placeOf(hostOf(item)) ?? item, item.root.at);
  const [first = {}, ...others] = nodes.map(podsOf);
  const shared = Object.entries(first).filter(([key, value]) =>
    others.every((labels) => labels[key] === value),
  );
  if (shared.length > 0) service.selector = Object.fromEntries(shared);
  for (const listener of nodes.flatMap((node) => node.spec.get("listeners").items())) {
    const port = listener.get("portMapping", "port").number();
    if (port !== undefined) mesh.draft.port(service, port, protocolOf(listener));
  }
  return service;
}

function beyond(node: Item, { selector, name }: DraftService): Labels {
  const own = Object.entries(podsOf(node)).filter(([key]) => !Object.hasOwn(selector, key));
  return own.length > 0 ? Object.fromEntries(own) : { version: node.name.replace(`${name}-`, "") };
}

export function protocolOf(listener: Field): Protocol {
  return listener.get("portMapping", "protocol").word("http", "http2", "grpc", "tcp") ?? "tcp";
}

/** How the node's proxies are called. What several nodes of a service say of it must be the same. */
function readNode({ spec, name }: Item, service: DraftService): void {
  spec.get("awsName").accept();
  spec.get("meshRef").accept();
  spec.get("serviceDiscovery").accept();
  spec.get("podSelector").entries();
  spec.get("logging", "accessLog", "file", "path").acceptIf("/dev/stdout");
  for (const listener of spec.get("listeners").items()) {
    listener.get("portMapping").get("port").number();
    protocolOf(listener);
    readTimeouts(listener.get("timeout"));
    const traffic = trafficOf(listener);
    for (const [part, value] of Object.entries(traffic)) merge(service, part, { value, listener, name });
  }
}

interface Said {
  readonly value: unknown;
  readonly listener: Field;
  readonly name: string;
}

function merge(service: DraftService, part: string, { value, listener, name }: Said): void {
  const before = (service.traffic as unknown as { readonly [part: string]: unknown })[part];
  if (before !== undefined && contentText({ v: before }) !== contentText({ v: value })) {
    listener.change(
      `${part} of node ${name} differs from what other nodes of service ${service.key} say; an intent has one`,
    );
    return;
  }
  service.traffic = { ...service.traffic, [part]: value, at: listener.at };
}

function readTimeouts(field: Field): void {
  for (const [, protocol] of field.entries()) {
    // How long requests take is the routes' business; no time at all says the same.
    if (durationMs(protocol.get("perRequest")) !== 0)
      protocol.get("perRequest").lose({ message: "a timeout is a rule's, in an intent" });
  }
}

function trafficOf(listener: Field): Partial<ServiceTraffic> {
  return present({
    healthCheck: healthCheckOf(listener.get("healthCheck")),
    outlierDetection: outliersOf(listener.get("outlierDetection")),
    connectionLimits: limitsOf(listener.get("connectionPool")),
  });
}

function healthCheckOf(field: Field): ServiceTraffic["healthCheck"] {
  const path = field.get("path").text();
  const [intervalMs, timeoutMs] = [field.get("intervalMillis").number(), field.get("timeoutMillis").number()];
  for (const key of ["protocol", "healthyThreshold", "unhealthyThreshold"]) field.get(key).accept();
  if (path?.startsWith("/") !== true || intervalMs === undefined || timeoutMs === undefined) return undefined;
  return { path, intervalMs, timeoutMs };
}

function outliersOf(field: Field): OutlierDetection | undefined {
  const consecutive5xx = wholeOf(field.get("maxServerErrors"), 1, 1000);
  const intervalMs = durationMs(field.get("interval"));
  const baseEjectionTimeMs = durationMs(field.get("baseEjectionDuration"));
  const maxEjectionPercent = wholeOf(field.get("maxEjectionPercent"), 1, 100);
  if (consecutive5xx === undefined || intervalMs === undefined) return undefined;
  if (baseEjectionTimeMs === undefined || maxEjectionPercent === undefined) return undefined;
  return { consecutive5xx, intervalMs, baseEjectionTimeMs, maxEjectionPercent };
}

function limitsOf(pool: Field): ConnectionLimits | undefined {
  const limit = (...keys: string[]): number | undefined => wholeOf(pool.get(...keys), 1, 1_000_000);
  const limits = present({
    maxConnections: limit("http", "maxConnections") ?? limit("tcp", "maxConnections"),
    maxPendingRequests: limit("http", "maxPendingRequests"),
    maxRequests: limit("http2", "maxRequests") ?? limit("grpc", "maxRequests"),
  });
  return Object.keys(limits).length === 0 ? undefined : limits;
}

/** Services whose proxies take nothing but mutual TLS are strict; the mesh is where all of them are. */
export function readTls({ nodes, meanings, draft, manifests }: AppMesh): void {
  const strict = new Map<string, boolean>();
  for (const [key, { spec }] of nodes) {
    const service = meanings.get(key)?.service;
    const modes = spec
      .get("listeners")
      .items()
      .map((listener) => modeOf(listener.get("tls")));
    clientTls(spec);
    if (service === undefined) continue;
    strict.set(
      service.key,
      (strict.get(service.key) ?? true) && modes.length > 0 && modes.every((mode) => mode === "STRICT"),
    );
  }
  const all = [...draft.services.keys()].sort(byText);
  const every = all.length > 0 && all.every((key) => strict.get(key) ?? true) && strict.size > 0;
  draft.mode = every ? "strict" : "permissive";
  for (const key of every ? [] : all) {
    if (strict.get(key) === true) draft.overrides.push({ service: key, mode: "strict", at: manifests.at });
  }
}

/** A mode without a check of the caller's certificate is TLS of the server alone, which proves nothing of callers. */
function modeOf(tls: Field): string | undefined {
  const mode = tls.get("mode").text();
  const mutual = tls.get("validation").there;
  for (const key of ["certificate", "validation"]) tls.get(key).accept();
  if (mode === "STRICT" && !mutual) {
    tls.change(
      "callers prove nothing to this node: an intent's strict mTLS would ask them to, and is not written",
    );
    return "PERMISSIVE";
  }
  return mode;
}

function clientTls(spec: Field): void {
  const policies = [
    spec.get("backendDefaults", "clientPolicy", "tls"),
    ...spec
      .get("backends")
      .items()
      .map((backend) => backend.get("virtualService", "clientPolicy", "tls")),
  ];
  for (const tls of policies) {
    for (const key of ["enforce", "certificate", "validation"]) tls.get(key).accept();
  }
}
