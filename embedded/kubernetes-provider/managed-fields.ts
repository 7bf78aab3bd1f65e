import { isJsonObject } from "../../lib";
import type { KubeObject } from "../../kube";

interface ManagedFields {
  readonly manager?: string;
  readonly operation?: "Apply" | "Update";
  readonly apiVersion?: string;
  readonly subresource?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
  readonly time?: string;
}

/** What creates objects by POST, before a field manager of their own takes over. */
export const CREATOR = "pulumi-kubernetes";

/** Managers whose fields are ours: earlier creations, and kubectl, from which objects are adopted. */
const OURS: readonly (readonly [string, string])[] = [
  ["kubectl", "Apply"],
  ["kubectl", "Update"],
  ["before-first-apply", "Update"],
  [CREATOR, "Update"],
  ["pulumi-kubernetes.exe", "Update"],
  ["pulumi-resource-kubernetes", "Update"],
];

/** Whether fields of the object belong to a manager that we have not taken over yet. */
export function hasEarlierManagers(object: KubeObject): boolean {
  return managedFields(object).some(isEarlier);
}

/**
 * A JSON patch that makes `fieldManager` the owner of what earlier managers owned, so that an apply by it neither
 * conflicts with them nor leaves behind fields that are no longer wanted. Undefined: nothing to do.
 */
export function takeOver(object: KubeObject, fieldManager: string): readonly object[] | undefined {
  const entries = managedFields(object);
  const earlier = entries.filter(isEarlier);
  const [first] = earlier;
  if (!first) return undefined;
  const own = entries.find(
    (entry) => entry.manager === fieldManager && entry.operation === "Apply" && !entry.subresource,
  );
  const fieldsV1 = [own, ...earlier].map((entry) => entry?.fieldsV1 ?? {}).reduce(union);
  const merged = {
    ...(own ?? first),
    manager: fieldManager,
    operation: "Apply",
    fieldsType: "FieldsV1",
    fieldsV1,
  };
  const others = entries.filter((entry) => entry !== own && !isEarlier(entry));
  return [
    { op: "replace", path: "/metadata/managedFields", value: [merged, ...others] },
    { op: "replace", path: "/metadata/resourceVersion", value: object.metadata.resourceVersion },
  ];
}

function managedFields({ metadata }: KubeObject): readonly ManagedFields[] {
  const entries = metadata["managedFields"];
  return Array.isArray(entries) ? (entries as ManagedFields[]) : [];
}

function isEarlier({ manager, operation, subresource }: ManagedFields): boolean {
  return !subresource && OURS.some(([name, how]) => name === manager && how === operation);
}

type Fields = Readonly<Record<string, unknown>>;

function union(a: Fields, b: Fields): Fields {
  const merged: Record<string, unknown> = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const before = merged[key];
    merged[key] = isJsonObject(before) && isJsonObject(value) ? union(before, value) : value;
  }
  return merged;
}
