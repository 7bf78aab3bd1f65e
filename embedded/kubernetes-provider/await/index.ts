import type { KindRef, KubeObject } from "../../../kube";
import type { Handling } from "../annotations";
import { conditionAwaiter, parseConditions } from "./conditions";
import { crd } from "./crd";
import { daemonSet } from "./daemon-set";
import { deployment } from "./deployment";
import { job } from "./job";
import { namespace } from "./namespace";
import { pod } from "./pod";
import { service } from "./service";
import { statefulSet } from "./stateful-set";
import type { Awaiter } from "./types";

/** The kinds that are waited for. All others are ready as soon as they are stored. */
const AWAITERS: Readonly<Record<string, Awaiter>> = {
  "apps/v1/DaemonSet": daemonSet,
  "apps/v1/Deployment": deployment,
  "apps/v1/StatefulSet": statefulSet,
  "batch/v1/Job": job,
  "v1/Namespace": namespace,
  "v1/Pod": pod,
  "v1/Service": service,
  "apiextensions.k8s.io/v1/CustomResourceDefinition": crd,
};

export function builtInAwaiter({ apiVersion, kind }: KindRef): Awaiter | undefined {
  return AWAITERS[`${apiVersion}/${kind}`];
}

/** The user's own conditions, else the kind's. */
export function awaiterOf(object: KubeObject, handling: Handling): Awaiter | undefined {
  const { waitFor } = handling;
  if (waitFor === undefined) return builtInAwaiter(object);
  const conditions = parseConditions(waitFor);
  return typeof conditions === "string" ? undefined : conditionAwaiter(conditions);
}

export type { Awaiter } from "./types";
export { assessOnce, AwaitError, waitUntilReady, type Waiting } from "./wait";
