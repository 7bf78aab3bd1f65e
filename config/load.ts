import {
  errorAt,
  fail,
  found,
  isDnsLabel,
  isJsonObject,
  ok,
  type Diagnostic,
  type FieldPath,
  type Result,
} from "../lib";
import { disagreements } from "../mesh/intent/agree";
import { configureMesh } from "../mesh/registry";
import { configureCluster } from "../providers/registry";
import type { ConfiguredCluster } from "../providers/types";
import { loadIntent } from "./intent";
import { readStackFile, sectionPath, type StackFile } from "./stack-file";
import type { DeploymentConfig } from "./types";
import { loadWorkloads } from "./workloads";

type Clusters = DeploymentConfig["clusters"];

/** What the cluster of the short form is called. */
const ONLY_CLUSTER = "main";

/**
 * Reads and checks a stack's config, `stacks/config/Pulumi.<stack>.yaml`, and the files it refers to.
 * Fails with everything wrong in all of them, each fault with its file, line and column; warns likewise.
 */
export function loadConfig(file: string): Result<DeploymentConfig> {
  const stack = readStackFile(file);
  const locate = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
    diagnostics.map((d) => stack.sources.locate(d));
  // What keeps a file from being read at all would only be repeated by each section of it.
  if (stack.faults.length > 0 && Object.keys(stack.sections).length === 0) return fail(locate(stack.faults));
  const parts = {
    clusters: loadClusters(stack),
    mesh: configureMesh(stack.sections.mesh, sectionPath("mesh")),
    intent: loadIntent(stack),
    workloads: loadWorkloads(stack),
  };
  const { clusters, mesh, intent, workloads } = parts;
  const apart =
    intent.ok && workloads.ok
      ? [
          ...disagreements(intent.value, workloads.value),
          ...(mesh.ok ? (mesh.value.workloadFaults?.(intent.value, workloads.value) ?? []) : []),
        ]
      : [];
  const all = locate([...stack.faults, ...Object.values(parts).flatMap(found), ...apart]);
  if (!clusters.ok || !mesh.ok || !intent.ok || !workloads.ok) return fail(all);
  if (stack.faults.length > 0 || apart.length > 0) return fail(all);
  const config = {
    clusters: clusters.value,
    mesh: mesh.value,
    intent: intent.value,
    workloads: workloads.value,
  };
  return ok({ file, folder: stack.folder, ...config, locate }, all);
}

function loadClusters({ sections }: StackFile): Result<Clusters> {
  const { cluster, clusters } = sections;
  if (cluster !== undefined && clusters !== undefined) {
    const message = "meshwright:cluster and meshwright:clusters are two spellings of one thing";
    return fail([
      errorAt(sectionPath("cluster"), { code: "misplaced-key", message, hint: "keep one of them" }),
    ]);
  }
  if (clusters === undefined)
    return combine([[ONLY_CLUSTER, configureCluster(cluster, sectionPath("cluster"))]]);
  const at = sectionPath("clusters");
  if (!isJsonObject(clusters) || Object.keys(clusters).length === 0) {
    const message = "meshwright:clusters is a section with at least one cluster, each by its name";
    return fail([errorAt(at, { code: "wrong-type", message })]);
  }
  return combine(Object.entries(clusters).map(([name, raw]) => [name, namedCluster(name, raw, at)]));
}

function namedCluster(name: string, raw: unknown, at: FieldPath): Result<ConfiguredCluster> {
  if (isDnsLabel(name)) return configureCluster(raw, [...at, name]);
  const message = `${JSON.stringify(name)} is not a name for a cluster`;
  const hint = "lower-case letters, digits and -, at most 63";
  return fail([errorAt([...at, name], { code: "bad-name", message, hint })]);
}

function combine(all: readonly (readonly [string, Result<ConfiguredCluster>])[]): Result<Clusters> {
  const diagnostics = all.flatMap(([, result]) => found(result));
  const good = all.flatMap(([name, result]) => (result.ok ? [[name, result.value] as const] : []));
  return good.length === all.length ? ok(Object.fromEntries(good), diagnostics) : fail(diagnostics);
}
