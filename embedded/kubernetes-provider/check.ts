import {
  hasUnknown,
  isList,
  isMap,
  mapValues,
  plain,
  Secret,
  Unknown,
  type CheckFailure,
  type CheckRequest,
  type CheckResult,
  type Value,
  type ValueMap,
} from "../plugin";
import { Handling, WAIT_FOR } from "./annotations";
import { parseConditions } from "./await/conditions";
import { isListKind, isSecret, kindOf, type ResourceKind } from "./kinds";
import { withName } from "./names";
import type { Session } from "./session";

/** The inputs as they will be kept and compared: named, in a namespace, secrets in one form. */
export async function checkObject(session: Session, request: CheckRequest): Promise<CheckResult> {
  const given = withoutNulls(request.news) as ValueMap;
  const kind = kindOf(request.type, given);
  const failures = listFailures(kind, given);
  const metadata = isMap(given["metadata"])
    ? given["metadata"]
    : given["metadata"] === undefined
      ? {}
      : undefined;
  // Metadata that is known only later, or secret as a whole, is taken as it is.
  if (!metadata) return { inputs: canonical(kind, given), failures };
  failures.push(...annotationFailures(metadata));
  if (kind.patch && metadata["name"] === undefined) {
    const reason = "a patch resource must name the object that it patches; set metadata.name";
    failures.push({ property: "metadata.name", reason });
    return { inputs: given, failures };
  }
  const { metadata: named, failure } = withName(metadata, request, () => plain(request.olds));
  if (failure) failures.push(failure);
  const placed = await withNamespace(named, { session, kind });
  return { inputs: canonical(kind, { ...given, metadata: withoutEmpty(placed) }), failures };
}

function listFailures(kind: ResourceKind, given: ValueMap): CheckFailure[] {
  if (!isListKind(kind, given)) return [];
  const reason =
    "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly; " +
    "use the underlying type instead";
  return [{ property: "kind", reason }];
}

function annotationFailures(metadata: ValueMap): CheckFailure[] {
  if (hasUnknown(metadata["annotations"] ?? null)) return [];
  const handling = new Handling(plain({ metadata }));
  const failures = handling.mistakes.map(({ annotation, reason }) => ({ property: at(annotation), reason }));
  const waitFor = handling.waitFor;
  if (waitFor === undefined) return failures;
  const conditions = parseConditions(waitFor);
  if (typeof conditions === "string") failures.push({ property: at(WAIT_FOR), reason: conditions });
  return failures;
}

function at(annotation: string): string {
  return `metadata.annotations["${annotation}"]`;
}

async function withNamespace(
  metadata: ValueMap,
  at: { session: Session; kind: ResourceKind },
): Promise<ValueMap> {
  if (metadata["namespace"] !== undefined) return metadata;
  return (await at.session.namespaced(at.kind))
    ? { ...metadata, namespace: at.session.defaultNamespace }
    : metadata;
}

/** Labels and annotations that hold nothing are not there for the API server either. */
function withoutEmpty(metadata: ValueMap): ValueMap {
  const empty = (value: Value | undefined) => isMap(value) && Object.keys(value).length === 0;
  const kept = Object.entries(metadata).filter(
    ([key, value]) => !(/^(labels|annotations)$/.test(key) && empty(value)),
  );
  return Object.fromEntries(kept);
}

/** A Secret's `stringData` becomes `data`, as the API server would do; both are secret whatever the program said. */
function canonical(kind: ResourceKind, inputs: ValueMap): ValueMap {
  if (!isSecret(kind)) return inputs;
  const { stringData, data, ...rest } = inputs;
  const texts = open(stringData);
  const encoded = open(data);
  if (!texts && !encoded) return inputs;
  const merged = { ...encoded, ...(texts && mapValues(texts, base64)) };
  return { ...rest, data: new Secret(merged) };
}

function open(value: Value | undefined): ValueMap | undefined {
  const inner = value instanceof Secret ? value.value : value;
  return isMap(inner) ? inner : undefined;
}

function base64(value: Value): Value {
  if (value instanceof Secret) return base64(value.value);
  return typeof value === "string" ? Buffer.from(value).toString("base64") : value;
}

function withoutNulls(value: Value): Value {
  if (value instanceof Secret) return new Secret(withoutNulls(value.value));
  if (isList(value)) return value.map(withoutNulls);
  if (!isMap(value) || value instanceof Unknown) return value;
  const kept: { [key: string]: Value } = {};
  for (const key of Object.keys(value)) {
    const item = value[key] ?? null;
    if (item !== null) kept[key] = withoutNulls(item);
  }
  return kept;
}
