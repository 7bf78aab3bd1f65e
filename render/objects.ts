import { parseAllDocuments } from "yaml";
import { isJsonObject, type Json, type JsonObject } from "../lib";
import { isKubeObject, managed } from "../mesh/plan/objects";
import { mustHaveNamespace } from "../mesh/plan/scope";
import type { Chart, KubeObject } from "../mesh/plan/types";
import { RenderError } from "./errors";
import { HOOK } from "./hook";

const HELM_HOOK = "helm.sh/hook";

/** The objects in what Helm printed, in its order, each as it will be applied. */
export function objectsOf(manifests: string, chart: Chart): KubeObject[] {
  const documents = parseAllDocuments(manifests, { prettyErrors: false });
  if ("empty" in documents) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw broken(chart, error.message);
    const value = document.toJS({ maxAliasCount: 1000 }) as Json;
    return value === null ? [] : listed(value).map((object) => finished(object, chart));
  });
}

/** Charts may print a `List` where they mean its items. */
function listed(value: Json): readonly Json[] {
  if (!isJsonObject(value) || value["kind"] !== "List" || !Array.isArray(value["items"])) return [value];
  return value["items"] as readonly Json[];
}

function finished(value: Json, chart: Chart): KubeObject {
  const object = withoutServerFields(value);
  if (!isKubeObject(object)) throw broken(chart, "it prints something that is no Kubernetes object");
  const placed = mustHaveNamespace(object)
    ? { ...object, metadata: { ...object.metadata, namespace: chart.namespace } }
    : object;
  return managed(marked(placed));
}

/** Without what only the server writes, and without empty metadata, which charts leave behind. */
function withoutServerFields(value: Json): JsonObject {
  if (!isJsonObject(value)) return {};
  const fields = Object.entries(value).filter(([key]) => key !== "status");
  return Object.fromEntries(
    fields.map(([key, each]) => [key, key === "metadata" && isJsonObject(each) ? cleanMetadata(each) : each]),
  );
}

function cleanMetadata(metadata: JsonObject): JsonObject {
  const isEmpty = (each: Json | undefined): boolean => isJsonObject(each) && Object.keys(each).length === 0;
  return Object.fromEntries(
    Object.entries(metadata).filter(
      ([key, each]) => each !== null && key !== "creationTimestamp" && !isEmpty(each),
    ),
  );
}

function marked(object: KubeObject): KubeObject {
  const hook = object.metadata.annotations?.[HELM_HOOK];
  if (hook === undefined) return object;
  const annotations = { ...object.metadata.annotations, [HOOK]: hook };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function broken({ chart }: Chart, message: string): RenderError {
  return new RenderError({
    code: "chart-failed",
    message: `the chart ${chart} does not render to manifests: ${message}`,
  });
}
