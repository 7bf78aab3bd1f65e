import { byText, canonicalText, parsePath, present, sortedBy, type JsonObject } from "../../lib";
import { contentText, unique } from "./order";
import { keyed, listed, said, type Part } from "./parts";
import type {
  Degrade,
  Egress,
  ExternalService,
  Federation,
  Gateway,
  Listener,
  NormalizedIntent,
  Rollout,
  Telemetry,
} from "./types";

export function normalizeGateways(parts: readonly Part[]): Gateway[] {
  const gateways = keyed(parts, "gateways", (written, { name, at }): Gateway => {
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

/** Whoever writes of what is outside closes the rest, unless they say otherwise. */
export function normalizeEgress(parts: readonly Part[]): Egress | undefined {
  const place = said(parts, (intent) => intent.egress);
  if (place === undefined) return undefined;
  const external = parts.flatMap(({ intent, at }) =>
    Object.entries(intent.egress?.external ?? {}).map(([name, written]): ExternalService => ({
      name,
      hosts: unique(written.hosts),
      ports: [...written.ports].sort((a, b) => a.port - b.port || byText(a.protocol, b.protocol)),
      at: [...at, "egress", "external", name],
    })),
  );
  const preset = said(parts, (intent) => intent.egress?.default);
  return {
    default: preset?.value ?? "deny",
    external: external.sort((a, b) => byText(a.name, b.name)),
    at: [...(preset ?? place).at, "egress"],
  };
}

export function normalizeTelemetry(parts: readonly Part[]): Telemetry | undefined {
  const place = said(parts, (intent) => intent.telemetry);
  if (place === undefined) return undefined;
  const { tracing, accessLogs, metrics } = place.value;
  return {
    ...present({ tracing: tracing && present(tracing), accessLogs }),
    metrics: metrics ?? true,
    at: [...place.at, "telemetry"],
  };
}

export function normalizeRollouts(parts: readonly Part[]): Rollout[] {
  const rollouts = listed(parts, "rollouts", (written, at): Rollout => {
    const { service, from, to, success } = written;
    return {
      service,
      from,
      to,
      strategy:
        written.strategy === "canary"
          ? { kind: "canary", steps: written.steps, intervalMs: written.interval }
          : { kind: "blueGreen" },
      success: present({ successRatePercent: success.successRate, p99Ms: success.p99 }),
      at,
    };
  });
  return sortedBy(rollouts, contentText);
}

export function normalizeFederation(parts: readonly Part[]): Federation | undefined {
  const place = said(parts, (intent) => intent.federation);
  if (place === undefined) return undefined;
  const { trust, clusters } = place.value;
  return { trust, clusters: unique(Object.keys(clusters)), at: [...place.at, "federation"] };
}

/** Places count from the document that names them, so that the others may change. */
export function normalizeDegrade(parts: readonly Part[]): Degrade[] {
  const all = parts.flatMap((part) =>
    listed([part], "degrade", ({ capability, at: place, reason }, at): Degrade => ({
      capability,
      where: [...part.at, ...(parsePath(place) ?? [])],
      reason,
      at,
    })),
  );
  return sortedBy(all, contentText);
}

export function normalizeRaw(parts: readonly Part[]): NormalizedIntent["raw"] {
  const all = parts.flatMap(({ intent, at }) =>
    Object.entries(intent.raw ?? {}).flatMap(([mesh, objects]) =>
      objects.map((object: JsonObject, i) => ({ mesh, object, at: [...at, "raw", mesh, i] })),
    ),
  );
  return sortedBy(all, ({ mesh, object }) => `${mesh} ${canonicalText(object)}`);
}
