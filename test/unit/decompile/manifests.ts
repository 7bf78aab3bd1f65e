import { parseAllDocuments } from "yaml";
import type { Diagnostic } from "../../../lib";
import { formatPath } from "../../../lib";
import { decompile, type Decompiled, type SourceKind } from "../../../mesh/decompile";

/** Reads manifests that a test writes as YAML. */
export function read(source: SourceKind, yaml: string): Decompiled {
  const manifests = parseAllDocuments(yaml).map((document, i) => ({
    object: document.toJS() as unknown,
    at: [i],
  }));
  return decompile(source, manifests);
}

/** Losses as `code path`, in the order of their paths. */
export function told(losses: readonly Diagnostic[]): string[] {
  return losses.map(({ code, severity, path }) => `${severity} ${code} ${formatPath(path)}`).sort();
}

/** A Service and its Deployment. */
export function workload(name: string, namespace = "shop", version = "v1"): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}-${version}, namespace: ${namespace} }
spec:
  template:
    metadata: { labels: { app: ${name}, version: ${version} } }
    spec: { serviceAccountName: ${name} }
---`;
}
