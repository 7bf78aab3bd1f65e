import type { KubeObject } from "../../kube";
import type { Expected } from "../types";
import { hasLabels, modeOf } from "./workloads";

type Mode = { readonly mode?: string };
interface Spec {
  readonly selector?: { readonly matchLabels?: { readonly [key: string]: string } };
  readonly mtls?: Mode;
  readonly portLevelMtls?: { readonly [port: string]: Mode };
}

export interface Workload {
  readonly namespace: string;
  readonly labels: { readonly [key: string]: string };
}

/** Whether an object concerns a workload: by its namespace, or that of the whole mesh, and by its selector. */
function concerns(object: KubeObject, workload: Workload, expected: Expected): boolean {
  const { namespace } = object.metadata;
  if (namespace !== workload.namespace && namespace !== expected.rootNamespace) return false;
  return hasLabels(workload.labels, specOf(object).selector?.matchLabels ?? {});
}

function specOf(object: KubeObject): Spec {
  return (object["spec"] as Spec | undefined) ?? {};
}

function isWeak(mode: Mode | undefined): boolean {
  return mode?.mode === "PERMISSIVE" || mode?.mode === "DISABLE";
}

/** Whether a PeerAuthentication lets plaintext in to a workload where the intent says strict. */
export function weakening(object: KubeObject, workload: Workload, expected: Expected): boolean {
  if (!concerns(object, workload, expected)) return false;
  const { mtls, portLevelMtls = {} } = specOf(object);
  if (isWeak(mtls) && modeOf(expected.intent, workload) === "strict") return true;
  return Object.entries(portLevelMtls).some(
    ([port, mode]) => isWeak(mode) && modeOf(expected.intent, workload, Number(port)) === "strict",
  );
}
