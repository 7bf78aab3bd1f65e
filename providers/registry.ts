import type { FieldPath, Result } from "../lib";
import { didYouMean, errorAt, fail, isJsonObject } from "../lib";
import type * as kubeconfigProvider from "./kubeconfig";
import type * as localProvider from "./local";
import type { ClusterMachine, ClusterProvider, ConfiguredCluster } from "./types";

/* eslint-disable @typescript-eslint/no-require-imports -- tsx/cjs cannot `import()` a TypeScript file. */
/** Every way to have a cluster, by the `kind` that a config names it with. Each is loaded when it is first asked for. */
export const providers = {
  get local() {
    return (require("./local") as typeof localProvider).local;
  },
  get kubeconfig() {
    return (require("./kubeconfig") as typeof kubeconfigProvider).kubeconfig;
  },
} as const satisfies { readonly [kind: string]: ClusterProvider };
/* eslint-enable @typescript-eslint/no-require-imports */

export type ClusterKind = keyof typeof providers;

/** Checks a cluster section, `{ kind: local, … }`: the kind chooses the provider, which gets all other keys. */
export function configureCluster(raw: unknown, at: FieldPath): Result<ConfiguredCluster> {
  const { kind, ...options } = isJsonObject(raw) ? raw : {};
  const known = Object.keys(providers);
  if (typeof kind !== "string" || !isKind(kind)) {
    const message =
      kind === undefined ? "the cluster has no kind" : `unknown kind of cluster ${JSON.stringify(kind)}`;
    return fail([
      errorAt([...at, "kind"], {
        code: "unknown-cluster",
        message,
        hint: didYouMean(typeof kind === "string" ? kind : "", known),
      }),
    ]);
  }
  return providers[kind].configure(options, at);
}

/** The machine behind a cluster section, where its provider runs clusters on this machine. */
export function clusterMachine(raw: unknown): ClusterMachine | undefined {
  const { kind, ...options } = isJsonObject(raw) ? raw : {};
  if (typeof kind !== "string" || !isKind(kind)) return undefined;
  const provider: ClusterProvider = providers[kind];
  return provider.machine?.(options);
}

function isKind(kind: string): kind is ClusterKind {
  return Object.hasOwn(providers, kind);
}
