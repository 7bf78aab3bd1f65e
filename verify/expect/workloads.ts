import type { MtlsMode, NormalizedIntent, Service } from "../../mesh/intent/types";

interface Workload {
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
}

export function hasLabels(labels: Workload["labels"], wanted: Workload["labels"]): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** The services of the intent that a workload belongs to. */
export function servicesOf(intent: NormalizedIntent, workload: Workload): Service[] {
  return intent.services.filter(
    (s) => s.namespace === workload.namespace && hasLabels(workload.labels, s.selector),
  );
}

/**
 * The mTLS mode that the intent asks of a workload's port, or of its other ports if `targetPort` is left out.
 * The most specific override wins: port, service, namespace, mesh.
 */
export function modeOf(intent: NormalizedIntent, workload: Workload, targetPort?: number): MtlsMode {
  const services = servicesOf(intent, workload);
  const rank = (override: NormalizedIntent["mtls"]["overrides"][number]): number => {
    if (override.service === undefined) return override.namespace === workload.namespace ? 1 : 0;
    const service = services.find((s) => s.key === override.service);
    if (service === undefined) return 0;
    if (override.port === undefined) return 2;
    const port = service.ports.find((p) => p.port === override.port);
    return port !== undefined && port.targetPort === targetPort ? 3 : 0;
  };
  const [best] = intent.mtls.overrides
    .map((override) => ({ rank: rank(override), mode: override.mode }))
    .filter((candidate) => candidate.rank > 0)
    .sort((a, b) => b.rank - a.rank);
  return best?.mode ?? intent.mtls.mode;
}
