import { byText, present, sortedBy, type FieldPath } from "../../lib";
import { normalizeRoutes } from "./normalize-routes";
import { contentText, sortedLabels, unique } from "./order";
import type { ParsedIntent } from "./schema";
import type { Access, Caller, Gateway, Listener, MtlsOverride, NormalizedIntent, Service } from "./types";

export type { NormalizedIntent } from "./types";

/**
 * Fills in the defaults of an intent and puts everything whose order means nothing in one fixed order.
 * Total: what an intent refers to and does not have is left as written, for the rules to report.
 * `at` is where the intent stands in its document.
 */
export function normalize(intent: ParsedIntent, at: FieldPath): NormalizedIntent {
  const services = normalizeServices(intent, at);
  const gateways = normalizeGateways(intent, at);
  return {
    mtls: {
      mode: intent.mtls?.mode ?? "strict",
      trustDomain: intent.mtls?.trustDomain ?? "cluster.local",
      overrides: normalizeOverrides(intent, at),
    },
    authorization: { default: intent.authorization?.default ?? "deny" },
    services,
    routes: normalizeRoutes(intent, { at, services, gateways }),
    access: normalizeAccess(intent, at),
    gateways,
  };
}

function normalizeOverrides(intent: ParsedIntent, at: FieldPath): MtlsOverride[] {
  const overrides = (intent.mtls?.overrides ?? []).map((written, i): MtlsOverride => ({
    ...present(written),
    at: [...at, "mtls", "overrides", i],
  }));
  return sortedBy(overrides, (o) =>
    [o.namespace ?? "", o.service ?? "", o.port ?? "", contentText(o)].join(" "),
  );
}

function normalizeServices(intent: ParsedIntent, root: FieldPath): Service[] {
  const services = Object.entries(intent.services ?? {}).map(([key, written]): Service => {
    const at = [...root, "services", key];
    const [namespace = "", name = ""] = key.split("/");
    const versions = Object.entries(written.versions ?? {}).map(([version, { labels }]) => ({
      name: version,
      labels: sortedLabels(labels ?? {}),
      at: [...at, "versions", version],
    }));
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
      versions: versions.sort((a, b) => byText(a.name, b.name)),
      at,
    };
  });
  return services.sort((a, b) => byText(a.key, b.key));
}

function normalizeGateways(intent: ParsedIntent, root: FieldPath): Gateway[] {
  const gateways = Object.entries(intent.gateways ?? {}).map(([name, written]): Gateway => {
    const at = [...root, "gateways", name];
    const listeners = written.listeners.map(({ port, protocol, hosts, tls }, i): Listener => ({
      port,
      protocol,
      hosts: unique(hosts ?? ["*"]),
      ...(tls === undefined ? {} : { tlsSecret: tls.secret }),
      at: [...at, "listeners", i],
    }));
    const order = (l: Listener): string => `${String(l.port).padStart(5, "0")} ${contentText(l)}`;
    return { name, exposure: written.exposure ?? "public", listeners: sortedBy(listeners, order), at };
  });
  return gateways.sort((a, b) => byText(a.name, b.name));
}

type WrittenAccess = NonNullable<ParsedIntent["access"]>[number];
type WrittenCaller = NonNullable<WrittenAccess["from"]>[number];

function normalizeAccess(intent: ParsedIntent, root: FieldPath): Access[] {
  const access = (intent.access ?? []).map((written, i): Access => {
    const at = [...root, "access", i];
    const from = (written.from ?? []).map((caller, c) => callerOf(caller, [...at, "from", c]));
    const operations = (written.operations ?? []).map(({ methods = [], paths = [] }) => ({
      methods: unique(methods),
      paths: unique(paths),
    }));
    return {
      to: { service: written.to.service, ports: [...new Set(written.to.ports)].sort((a, b) => a - b) },
      action: written.action,
      from: sortedBy(from, contentText),
      operations: sortedBy(operations, contentText),
      at,
    };
  });
  return sortedBy(access, (a) => `${a.to.service} ${contentText(a)}`);
}

/** The schema has seen to it that exactly one of the four is there. */
function callerOf({ service, gateway, namespace, principal }: WrittenCaller, at: FieldPath): Caller {
  if (service !== undefined) return { kind: "service", service, at };
  if (gateway !== undefined) return { kind: "gateway", gateway, at };
  if (namespace !== undefined) return { kind: "namespace", namespace, at };
  return { kind: "principal", principal: principal ?? "", at };
}
