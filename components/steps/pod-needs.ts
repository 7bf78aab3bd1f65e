import type { Json, JsonObject } from "../../lib";
import { isJsonObject } from "../../lib";
import type { KubeObject } from "../../mesh/plan/types";

/** What a pod cannot start without, by the kind that its spec's fields name. */
const NAMED_BY: { readonly [field: string]: { readonly kind: string; readonly key: string } } = {
  configMap: { kind: "ConfigMap", key: "name" },
  configMapRef: { kind: "ConfigMap", key: "name" },
  configMapKeyRef: { kind: "ConfigMap", key: "name" },
  secret: { kind: "Secret", key: "secretName" },
  secretRef: { kind: "Secret", key: "name" },
  secretKeyRef: { kind: "Secret", key: "name" },
  persistentVolumeClaim: { kind: "PersistentVolumeClaim", key: "claimName" },
};

const KINDS = new Set(["ConfigMap", "Secret", "ServiceAccount", "PersistentVolumeClaim"]);

/** The key of an object that pods may need; undefined where it is none. */
export function neededKey(object: KubeObject): string | undefined {
  if (object.apiVersion !== "v1" || !KINDS.has(object.kind)) return undefined;
  return keyOf(object.kind, object.metadata.namespace, object.metadata.name);
}

/**
 * The keys of what the pods of an object need. The engine runs only so many operations at once, and waits for a workload
 * as long as it takes: without this order, workloads could hold every place that what they wait for needs.
 */
export function podNeeds(object: KubeObject): readonly string[] {
  const pod = podSpec(object);
  if (pod === undefined) return [];
  const { namespace } = object.metadata;
  const account = pod["serviceAccountName"];
  const accounts = typeof account === "string" ? [keyOf("ServiceAccount", namespace, account)] : [];
  return [...accounts, ...namedIn(pod).map(([kind, name]) => keyOf(kind, namespace, name))];
}

function podSpec(object: KubeObject): JsonObject | undefined {
  const spec = object["spec"];
  if (object.kind === "Pod") return isJsonObject(spec) ? spec : undefined;
  if (object.kind === "CronJob") return at(spec, ["jobTemplate", "spec", "template", "spec"]);
  return at(spec, ["template", "spec"]);
}

function at(value: Json | undefined, path: readonly string[]): JsonObject | undefined {
  const [key, ...rest] = path;
  if (!isJsonObject(value)) return undefined;
  return key === undefined ? value : at(value[key], rest);
}

function namedIn(value: Json): (readonly [kind: string, name: string])[] {
  if (Array.isArray(value)) return value.flatMap((item: Json) => namedIn(item));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const named = NAMED_BY[field];
    // A projected source spells a Secret's name as others do: `name`.
    const name = isJsonObject(inner) && named !== undefined ? (inner[named.key] ?? inner["name"]) : undefined;
    const own = named !== undefined && typeof name === "string" ? [[named.kind, name] as const] : [];
    return [...own, ...namedIn(inner)];
  });
}

function keyOf(kind: string, namespace: string | undefined, name: string): string {
  return `${kind} ${namespace ?? "default"}/${name}`;
}
