import { byText, isDnsLabel, isJsonObject } from "../../lib";
import type { Protocol } from "../intent/types";
import type { Draft, DraftPort, DraftService } from "./draft";
import type { Field } from "./field";
import type { Item, Manifests } from "./manifests";

type Labels = { readonly [key: string]: string };

/** What makes pods: the labels they carry, the account they run as, and their container ports by name. */
interface PodMaker {
  readonly namespace: string;
  readonly labels: Labels;
  readonly serviceAccount: string;
  readonly ports: ReadonlyMap<string, number>;
}

const MAKERS = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];

/**
 * The services section: from Services, and from what makes the pods behind them. A Service whose pods are a part of
 * another one's, as `reviews-v2` is of `reviews`, is a version of that one. `isElse` tells Services that are none.
 */
export function readServices(
  manifests: Manifests,
  draft: Draft,
  isElse: (item: Item) => boolean = () => false,
): void {
  const makers = readMakers(manifests);
  const gateways = [...draft.gateways.values()].map((gateway) => gateway.selector);
  for (const item of manifests.take("", "Service")) {
    const before = gateways.some((selector) => hasAll(item.spec.get("selector").textMap(), selector));
    if (isPlain(item) && !before && !isElse(item)) readService(item, { draft, makers });
  }
  foldVersions(draft);
}

function isPlain({ name, namespace, spec }: Item): boolean {
  if (!isDnsLabel(name) || !isDnsLabel(namespace)) return false;
  return spec.get("type").text() !== "ExternalName" && spec.get("selector").entries().length > 0;
}

function readMakers(manifests: Manifests): PodMaker[] {
  const deployed = MAKERS.flatMap((kind) => manifests.take("apps", kind)).map((item) =>
    makerOf(item, item.spec.get("template")),
  );
  return [...deployed, ...manifests.take("", "Pod").map((item) => makerOf(item, item.root))];
}

function makerOf({ namespace }: Item, pod: Field): PodMaker {
  const ports = pod
    .get("spec", "containers")
    .items()
    .flatMap((container) => container.get("ports").items())
    .flatMap((port): [string, number][] => {
      const [name, number] = [port.get("name").text(), port.get("containerPort").number()];
      return name === undefined || number === undefined ? [] : [[name, number]];
    });
  return {
    namespace,
    labels: pod.get("metadata", "labels").textMap(),
    serviceAccount: pod.get("spec", "serviceAccountName").text() ?? "default",
    ports: new Map(ports),
  };
}

function readService(item: Item, { draft, makers }: { draft: Draft; makers: readonly PodMaker[] }): void {
  const service = draft.addService(item, item.root.at);
  service.selector = item.spec.get("selector").textMap();
  const own = makers.filter((m) => m.namespace === item.namespace && hasAll(m.labels, service.selector));
  const accounts = [...new Set(own.map((m) => m.serviceAccount))].sort(byText);
  service.serviceAccount = accounts[0] ?? item.name;
  if (accounts.length === 0) {
    const message = `no manifest tells as what the pods of service ${service.key} run: service account ${item.name} is guessed`;
    draft.assume(item.root.at, message, "add its Deployment to what is imported");
  }
  if (accounts.length > 1) {
    const message = `pods of service ${service.key} run as several accounts, ${accounts.join(", ")}; a service has one`;
    draft.assume(item.root.at, message, "access that names one of the others names it as a principal");
  }
  service.ports = item.spec
    .get("ports")
    .items()
    .flatMap((port) => portOf(port, own));
}

function portOf(field: Field, makers: readonly PodMaker[]): DraftPort[] {
  const port = field.get("port").number();
  if (port === undefined || (field.get("protocol").text() ?? "TCP") !== "TCP") return [];
  const name = field.get("name").text();
  const target = field.get("targetPort");
  const named = target.text();
  const targetPort =
    target.number() ??
    (named === undefined ? undefined : makers.map((m) => m.ports.get(named)).find((p) => p !== undefined)) ??
    port;
  const protocol = protocolOf(field.get("appProtocol").text(), name);
  return [{ port, targetPort, protocol, ...(name === undefined ? {} : { name }) }];
}

const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ["http", "http"],
  ["http2", "http2"],
  ["h2c", "http2"],
  ["kubernetes.io/h2c", "http2"],
  ["grpc", "grpc"],
  ["grpc-web", "http"],
  ["tcp", "tcp"],
  ["mongo", "tcp"],
  ["mysql", "tcp"],
  ["redis", "tcp"],
  ["https", "tls"],
  ["tls", "tls"],
]);

/** By its `appProtocol`, else by its name as Istio reads it (`grpc-api`); HTTP where neither says. */
export function protocolOf(appProtocol: string | undefined, name: string | undefined): Protocol {
  if (appProtocol !== undefined) return PROTOCOLS.get(appProtocol.toLowerCase()) ?? "tcp";
  return PROTOCOLS.get((name ?? "").split("-")[0] ?? "") ?? "http";
}

/** Services that choose a part of another's pods, with the same ports: its versions. */
function foldVersions(draft: Draft): void {
  const all = [...draft.services.values()];
  for (const part of all) {
    const whole = all.find((candidate) => isVersionOf(part, candidate));
    if (whole === undefined) continue;
    draft.services.delete(part.key);
    draft.versions.set(part.key, { service: whole.key, version: part.name.slice(whole.name.length + 1) });
    const labels = without(part.selector, whole.selector);
    whole.versions.push({ name: part.name.slice(whole.name.length + 1), labels, at: part.at });
  }
}

function isVersionOf(part: DraftService, whole: DraftService): boolean {
  if (part === whole || part.namespace !== whole.namespace || !part.name.startsWith(`${whole.name}-`))
    return false;
  const narrower = Object.keys(part.selector).length > Object.keys(whole.selector).length;
  const samePorts = part.ports.every((p) => whole.ports.some((w) => w.port === p.port));
  return narrower && samePorts && hasAll(part.selector, whole.selector);
}

/** Deployments that differ in their `version` are versions, unless something else tells of them. Run after all else. */
export function addVersions(manifests: Manifests, draft: Draft): void {
  const makers = readMakers(manifests);
  for (const service of draft.services.values()) {
    const own = makers.filter((m) => m.namespace === service.namespace && hasAll(m.labels, service.selector));
    for (const { labels } of own) {
      const version = labels["version"];
      if (version === undefined || !isDnsLabel(version) || service.selector["version"] !== undefined)
        continue;
      addVersion(service, version, { version });
    }
  }
}

function addVersion(service: DraftService, name: string, labels: Labels): void {
  const same = (known: Labels): boolean => hasAll(known, labels) || hasAll(labels, known);
  if (service.versions.some((v) => v.name === name || same(v.labels))) return;
  service.versions.push({ name, labels, at: service.at });
}

/** Whether labels hold all of a selector, which must say something. */
export function hasAll(labels: Labels, selector: Labels): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

function without(labels: Labels, others: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !Object.hasOwn(others, key)));
}

/** The services whose pods a policy's labels choose: those whose own labels include them all. */
export function chosenBy(draft: Draft, namespace: string, labels: Labels): DraftService[] {
  return [...draft.services.values()].filter(
    (s) => s.namespace === namespace && isJsonObject(s.selector) && hasAll(s.selector, labels),
  );
}
