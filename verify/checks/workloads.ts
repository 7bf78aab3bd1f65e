import { servicesOf } from "../expect/workloads";
import type { Expected, Finding, Observed, Outcome } from "../types";

/** Every pod of a service of the intent has a proxy: one without would be a way past all the rest. */
export function workloads(observed: Observed, expected: Expected): Outcome {
  const mine = observed.pods.filter((pod) => servicesOf(expected.intent, pod).length > 0);
  const findings = mine
    .filter((pod) => !pod.meshed)
    .map((pod): Finding => ({
      where: `${pod.namespace}/${pod.name}`,
      message: "it belongs to a service of the intent but has no proxy",
      hint: "restart it once its namespace is labelled for injection",
    }));
  const empty = expected.intent.services.filter(
    (s) => !mine.some((pod) => servicesOf(expected.intent, pod).includes(s)),
  );
  const figures = {
    services: expected.intent.services.length,
    pods: mine.length,
    ...(empty.length > 0 && { "services without pods": empty.map((service) => service.key).join(" ") }),
  };
  return { figures, findings };
}
