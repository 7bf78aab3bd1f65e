import { didYouMean, errorAt, fail, isJsonObject, type FieldPath, type Result } from "../lib";
import type * as aksIstioAdapter from "./adapters/aks-istio";
import type * as appMeshAdapter from "./adapters/app-mesh";
import type * as cloudServiceMeshAdapter from "./adapters/cloud-service-mesh";
import type * as consulAdapter from "./adapters/consul";
import type * as gatewayApiAdapter from "./adapters/gateway-api";
import type * as istioAdapter from "./adapters/istio";
import type * as linkerdAdapter from "./adapters/linkerd";
import type { ConfiguredMesh, MeshAdapter } from "./types";

/* eslint-disable @typescript-eslint/no-require-imports -- tsx/cjs cannot `import()` a TypeScript file. */
/**
 * Every mesh, by the `kind` that a config names it with. An adapter is loaded when it is first asked for: a program
 * that runs one mesh does not wait for the others.
 */
export const meshes = {
  get istio() {
    return (require("./adapters/istio") as typeof istioAdapter).istio;
  },
  get linkerd() {
    return (require("./adapters/linkerd") as typeof linkerdAdapter).linkerd;
  },
  get consul() {
    return (require("./adapters/consul") as typeof consulAdapter).consul;
  },
  get "app-mesh"() {
    return (require("./adapters/app-mesh") as typeof appMeshAdapter).appMesh;
  },
  get "aks-istio"() {
    return (require("./adapters/aks-istio") as typeof aksIstioAdapter).aksIstio;
  },
  get "cloud-service-mesh"() {
    return (require("./adapters/cloud-service-mesh") as typeof cloudServiceMeshAdapter).cloudServiceMesh;
  },
  get "gateway-api"() {
    return (require("./adapters/gateway-api") as typeof gatewayApiAdapter).gatewayApi;
  },
} as const satisfies { readonly [kind: string]: MeshAdapter };
/* eslint-enable @typescript-eslint/no-require-imports */

export type MeshKind = keyof typeof meshes;

/** Checks a mesh section, `{ kind: istio, … }`: the kind chooses the adapter, which gets all other keys. */
export function configureMesh(raw: unknown, at: FieldPath = []): Result<ConfiguredMesh> {
  const { kind, ...options } = isJsonObject(raw) ? raw : {};
  if (typeof kind === "string" && isKind(kind)) return meshes[kind].configure(options, at);
  const known = Object.keys(meshes);
  const message = kind === undefined ? "no mesh is chosen" : `unknown mesh ${JSON.stringify(kind)}`;
  const hint =
    typeof kind === "string" ? didYouMean(kind, known) : `write kind: and one of ${known.join(", ")}`;
  return fail([errorAt(kind === undefined ? at : [...at, "kind"], { code: "unknown-mesh", message, hint })]);
}

function isKind(kind: string): kind is MeshKind {
  return Object.hasOwn(meshes, kind);
}
