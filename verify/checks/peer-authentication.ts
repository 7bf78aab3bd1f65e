import type { KubeObject } from "../../kube";
import { weakening, type Workload } from "../expect/peer-authentication";
import type { Expected, Finding, Observed, Outcome } from "../types";

/**
 * No PeerAuthentication in the cluster is weaker than the intent, not even one for pods that do not exist yet:
 * a namespace or the mesh is judged as a workload without labels.
 */
export function peerAuthentication(observed: Observed, expected: Expected): Outcome {
  const findings = observed.peerAuthentications.flatMap((object): Finding[] => {
    const { namespace = "", name = "" } = object.metadata;
    const touched = [...workloads(observed, expected), { namespace, labels: {} }];
    if (!touched.some((workload) => weakening(object, workload, expected))) return [];
    return [
      {
        where: `PeerAuthentication ${namespace}/${name}`,
        message: `it allows plaintext (${modes(object)}) where the intent says strict`,
        hint: "delete it, or make it an entry of mtls.overrides in the intent",
      },
    ];
  });
  return { figures: { objects: observed.peerAuthentications.length, weaker: findings.length }, findings };
}

function workloads(observed: Observed, expected: Expected): Workload[] {
  return [
    ...observed.pods,
    ...expected.intent.services.map((s) => ({ namespace: s.namespace, labels: s.selector })),
  ];
}

function modes(object: KubeObject): string {
  const text = JSON.stringify(object["spec"] ?? {});
  return [...new Set(text.match(/PERMISSIVE|DISABLE/g) ?? [])].join(", ");
}
