import { resolve } from "node:path";
import {
  errorAt,
  fail,
  isJsonObject,
  ok,
  type Diagnostic,
  type FieldPath,
  type Finding,
  type JsonObject,
  type Result,
} from "../lib";
import { identityOf, nameObject } from "../mesh/plan/identity";
import { isKubeObject } from "../mesh/plan/objects";
import { mustHaveNamespace } from "../mesh/plan/scope";
import type { KubeObject } from "../mesh/plan/types";
import { dangerousKeys } from "../mesh/schema";
import { readYaml, type YamlDocument } from "./document";
import { positionOf } from "./position";
import { sectionPath, type StackFile } from "./stack-file";

const AT = sectionPath("workloads");

/** An object, and how to say where it is wrong. */
interface Found {
  readonly object: JsonObject;
  readonly fault: (path: FieldPath, finding: Finding) => Diagnostic;
}

/** The objects of all files that the stack lists as workloads. */
export function loadWorkloads({ sections, folder }: StackFile): Result<readonly KubeObject[]> {
  const raw = sections.workloads ?? [];
  if (!Array.isArray(raw)) return fail([wrongType(AT)]);
  const results = raw.map((file: unknown, i) =>
    typeof file === "string" ? loadFile(resolve(folder, file), [...AT, i]) : fail([wrongType([...AT, i])]),
  );
  const faults = results.flatMap((result) => (result.ok ? [] : result.diagnostics));
  const found = results.flatMap((result) => (result.ok ? result.value : []));
  const checked = checkAll(found);
  if (faults.length === 0 && checked.ok) return checked;
  return fail([...faults, ...(checked.ok ? [] : checked.diagnostics)]);
}

function wrongType(path: FieldPath): Diagnostic {
  const message = "workloads is a list of files with Kubernetes manifests";
  return errorAt(path, {
    code: "wrong-type",
    message,
    hint: "as in [../../examples/bookinfo/workloads.yaml]",
  });
}

function loadFile(path: string, from: FieldPath): Result<readonly Found[]> {
  const read = readYaml(path, from);
  if (!read.ok) return fail(read.diagnostics);
  const dangerous = read.documents.flatMap((document) =>
    dangerousKeys(document.value, []).map((d) => ({ ...d, source: positionOf(document, d.path, d.code) })),
  );
  if (dangerous.length > 0) return fail(dangerous);
  return ok(read.documents.filter((d) => d.value !== null && d.value !== undefined).flatMap(objectsOf));
}

/** A document holds one object, or a `List` of them. */
function objectsOf(document: YamlDocument): Found[] {
  const faultAt =
    (base: FieldPath): Found["fault"] =>
    (path, finding) => {
      const full = [...base, ...path];
      return { ...errorAt(full, finding), source: positionOf(document, full, finding.code) };
    };
  const { value } = document;
  const object = isJsonObject(value) ? value : {};
  const items = object["items"];
  if (object["kind"] !== "List" || !Array.isArray(items)) return [{ object, fault: faultAt([]) }];
  return items.map((item: unknown, i) => ({
    object: isJsonObject(item) ? item : {},
    fault: faultAt(["items", i]),
  }));
}

function checkAll(found: readonly Found[]): Result<readonly KubeObject[]> {
  const seen = new Set<string>();
  const faults: Diagnostic[] = [];
  const objects = found.flatMap(({ object, fault }) => {
    if (!isKubeObject(object)) {
      faults.push(fault([], notAnObject(object)));
      return [];
    }
    if (mustHaveNamespace(object)) {
      const message = `${nameObject(object)} names no namespace`;
      faults.push(
        fault(["metadata"], { code: "missing-namespace", message, hint: "add metadata.namespace" }),
      );
    }
    const identity = identityOf(object);
    if (seen.has(identity)) {
      faults.push(
        fault(["metadata", "name"], {
          code: "workload-clash",
          message: `${nameObject(object)} is here twice`,
        }),
      );
    }
    seen.add(identity);
    return [object];
  });
  return faults.length === 0 ? ok(objects) : fail(faults);
}

function notAnObject(object: JsonObject): Finding {
  const metadata = object["metadata"];
  const name = isJsonObject(metadata) ? metadata["name"] : undefined;
  const missing = Object.entries({
    apiVersion: object["apiVersion"],
    kind: object["kind"],
    "metadata.name": name,
  })
    .filter(([, value]) => typeof value !== "string" || value === "")
    .map(([key]) => key);
  return {
    code: "not-an-object",
    message: `this is not a Kubernetes object: it has no ${missing.join(", ")}`,
  };
}
