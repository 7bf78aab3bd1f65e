import type { KubeObject } from "../../../kube";
import type { PlainMap } from "../../plugin";
import { objectId } from "../object-id";
import { parseAll } from "../yaml";
import { helm, isReleaseNotFound } from "./cli";

/** A release as Helm knows it. */
export interface ReleaseState {
  readonly status: PlainMap;
  /** Names of the release's objects by kind and version, `ConfigMap/v1`. */
  readonly resourceNames: Readonly<Record<string, readonly string[]>>;
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
  readonly status: string;
  readonly chart: string;
  readonly version: string;
  readonly appVersion: string;
}

/** Undefined if there is no such release. */
export async function readRelease(
  name: string,
  scope: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ReleaseState | undefined> {
  try {
    const metadata = JSON.parse(
      (await helm(["get", "metadata", name, ...scope, "--output", "json"], env)).stdout,
    ) as Metadata;
    const manifest = (await helm(["get", "manifest", name, ...scope], env)).stdout;
    const { status, chart, version, appVersion, revision, namespace } = metadata;
    return {
      status: { name: metadata.name, namespace, revision, status, chart, version, appVersion },
      resourceNames: namesIn(parseAll(manifest) as KubeObject[], namespace),
    };
  } catch (error) {
    if (isReleaseNotFound(error)) return undefined;
    throw error;
  }
}

function namesIn(objects: readonly KubeObject[], namespace: string): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const object of objects) {
    const kind = `${object.kind}/${object.apiVersion}`;
    const placed = { metadata: { namespace, ...object.metadata } };
    (names[kind] ??= []).push(objectId(placed));
  }
  return names;
}
