import type { Diagnostic, FieldPath, Result } from "../../lib";
import { fail, isJsonObject, settle } from "../../lib";
import type { Ref } from "../../mesh/plan/types";
import { readFeatures } from "../features";
import { connect } from "../kubernetes";
import { OptionReader } from "../options";
import type { ClusterProvider, ConfiguredCluster } from "../types";
import type { Kubeconfig } from "./file";
import { defaultPath, KubeconfigFault, readKubeconfig } from "./file";

/**
 * Options of a cluster that exists already.
 *
 * - `path`: a kubeconfig file; `~` and paths relative to Pulumi.yaml work. Default: `KUBECONFIG`, else `~/.kube/config`.
 * - `value`: instead of `path`, a Ref to the kubeconfig's content among the component's `values`: `{ $ref: production }`.
 * - `context`: default is the kubeconfig's current one.
 * - `identifier`: says which cluster this is; another one means other objects, so that all are created anew there.
 *   Default: the context's name, or the Ref's.
 * - `disposable`: nothing in the cluster has to outlive the mesh, so that destroying the mesh deletes its CRDs, and with
 *   them every object of their kinds. Default: false, CRDs stay.
 * - `features`: what the cluster offers, where it is not an ordinary one.
 */
const OPTIONS = ["path", "value", "context", "identifier", "disposable", "features"];

export const kubeconfig: ClusterProvider = {
  title: "Any cluster, by its kubeconfig",

  configure(raw: unknown, at: FieldPath): Result<ConfiguredCluster> {
    const faults: Diagnostic[] = [];
    const options = new OptionReader({ raw, at, faults }, OPTIONS);
    const features = readFeatures(options);
    const identifier = options.string("identifier");
    const disposable = options.boolean("disposable") ?? false;
    const access = options.raw("value") === undefined ? byFile(options) : byValue(options);
    if (access === undefined) return fail(faults);
    const { context } = access;
    const ref = "ref" in access ? access.ref : undefined;
    const clusterIdentifier = identifier ?? `kubeconfig:${context ?? ref?.$ref ?? ""}`;
    return settle<ConfiguredCluster>(
      {
        kind: "kubeconfig",
        features,
        disposable,
        ...("ref" in access
          ? {}
          : { access: { kind: "kubeconfig", path: access.path, context: access.context } as const }),
        refs: ref === undefined ? [] : [ref.$ref],
        create: (request) =>
          connect(request, {
            kubeconfig: "ref" in access ? request.value(access.ref) : access.content,
            clusterIdentifier,
            ...(context === undefined ? {} : { context }),
          }),
      },
      faults,
    );
  },
};

interface ByValue {
  readonly ref: Ref;
  readonly context: string | undefined;
}

/** The content is known at deploy time only, so that the engine is the one to find faults in it. */
function byValue(options: OptionReader): ByValue | undefined {
  const value = options.raw("value");
  if (options.raw("path") !== undefined) {
    options.fault(["value"], {
      code: "conflict",
      message: "`path` and `value` exclude each other",
      hint: "keep one of them",
    });
  }
  if (!isJsonObject(value) || typeof value["$ref"] !== "string" || value["$ref"] === "") {
    options.fault(["value"], {
      code: "wrong-type",
      message: "expected a Ref to the kubeconfig's content",
      hint: "write { $ref: <name> }, and hand the content to the component as values.<name>; a file goes in `path`",
    });
    return undefined;
  }
  return { ref: { $ref: value["$ref"], secret: true }, context: options.string("context") };
}

function byFile(options: OptionReader): Kubeconfig | undefined {
  const path = options.string("path");
  const context = options.string("context");
  if (options.raw("path") !== undefined && path === undefined) return undefined;
  try {
    return readKubeconfig(path ?? defaultPath(), context);
  } catch (error) {
    if (!(error instanceof KubeconfigFault)) throw error;
    options.fault([error.option], { code: "bad-kubeconfig", message: error.message, hint: error.hint });
    return undefined;
  }
}
