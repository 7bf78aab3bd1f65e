import type { Observed, Outcome } from "../types";

/** Whatever istiod gave out could be read and was acknowledged. */
export function accepted(observed: Observed): Outcome {
  const findings = observed.proxies.flatMap((proxy) =>
    proxy.refused.map((refusal) => ({
      where: `${proxy.namespace}/${proxy.pod}`,
      message: `the configuration that istiod gives it was refused (${refusal.type}): ${refusal.reason}`,
    })),
  );
  const figures = { proxies: observed.proxies.length, refused: findings.length };
  return { figures, findings };
}
