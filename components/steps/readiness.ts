import type { KubeObject, Readiness } from "../../mesh/plan/types";
import { isJsonObject } from "../../lib";

const WAIT_FOR = "pulumi.com/waitFor";

/**
 * What is applied, with what the provider needs to know to await it.
 *
 * A webhook configuration that comes without a CA gets one from its controller, once that runs. Until then the API server
 * refuses or waves through whatever the webhook is there to judge, so in a `ready` step such a configuration is ready
 * when the CA is there. Only an annotation can say so; it stays on the live object, which is part of the mesh's install.
 *
 * Nothing is added for `applied`: to await more than a dependant needs costs time, never order, while `skipAwait` would
 * stay on the user's objects and let `up` call a broken rollout a success. A plan whose step really cannot become ready
 * before its dependants says so itself, with that annotation on the object.
 */
export function withReadiness(object: KubeObject, readiness: Readiness): KubeObject {
  if (readiness !== "ready") return object;
  const waiting = webhookWithoutCa(object);
  if (waiting === undefined || object.metadata.annotations?.[WAIT_FOR] !== undefined) return object;
  const annotations = {
    ...object.metadata.annotations,
    [WAIT_FOR]: `jsonpath={.webhooks[${waiting}].clientConfig.caBundle}`,
  };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Index of the first webhook whose CA its controller must fill in. */
function webhookWithoutCa(object: KubeObject): number | undefined {
  if (!object.apiVersion.startsWith("admissionregistration.k8s.io/")) return undefined;
  const webhooks = object["webhooks"];
  if (!Array.isArray(webhooks)) return undefined;
  const index = (webhooks as readonly unknown[]).findIndex((webhook) => {
    const client = isJsonObject(webhook) ? webhook["clientConfig"] : undefined;
    return isJsonObject(client) && client["caBundle"] === undefined;
  });
  return index === -1 ? undefined : index;
}
