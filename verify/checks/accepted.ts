import type { Finding, Observed, Outcome } from "../types";

/** Whatever istiod gave out was accepted: by this tool, asking as each proxy, and by the proxies that really run. */
export function accepted(observed: Observed): Outcome {
  const asked = observed.proxies.map((proxy) => ({
    proxy: `${proxy.pod}.${proxy.namespace}`,
    refused: proxy.refused,
  }));
  const running = "unknown" in observed.syncs ? [] : observed.syncs;
  const findings = [...asked, ...running].flatMap(({ proxy, refused }) =>
    refused.map((refusal): Finding => ({
      where: proxy,
      message: `it refuses the ${refusal.type} configuration that istiod gives it: ${refusal.reason}`,
    })),
  );
  const figures = {
    "proxies asked for": asked.length,
    "proxies running": "unknown" in observed.syncs ? `unknown: ${observed.syncs.unknown}` : running.length,
    refused: findings.length,
  };
  return { figures, findings };
}
