import type { KubeObject, Step } from "../../mesh/plan/types";
import { runsSomething, webhookWithoutCa } from "./webhooks";

const WAIT_FOR = "pulumi.com/waitFor";

/**
 * An object of a step as it is applied, with what the provider needs to know to await it.
 *
 * A webhook configuration without a CA is ready when the server that comes with it has filled it in. Only an annotation
 * can say so; it stays on the live object, which is part of the mesh's install.
 *
 * Nothing is added for `applied`: to await more than a dependant needs costs time, never order, while `skipAwait` would
 * stay on the user's objects and let `up` call a broken rollout a success. A plan whose step really cannot become ready
 * before its dependants says so itself, with that annotation on the object.
 */
export function withReadiness(object: KubeObject, step: Step): KubeObject {
  const waiting = webhookWithoutCa(object);
  const { annotations } = object.metadata;
  if (waiting === undefined || step.readiness !== "ready" || !runsSomething(step)) return object;
  if (annotations?.[WAIT_FOR] !== undefined) return object;
  const wait = { [WAIT_FOR]: `jsonpath={.webhooks[${waiting}].clientConfig.caBundle}` };
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, ...wait } } };
}
