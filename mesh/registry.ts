import { didYouMean, errorAt, fail, isJsonObject, type FieldPath, type Result } from "../lib";
import { aksIstio } from "./adapters/aks-istio";
import { appMesh } from "./adapters/app-mesh";
import { cloudServiceMesh } from "./adapters/cloud-service-mesh";
import { consul } from "./adapters/consul";
import { gatewayApi } from "./adapters/gateway-api";
import { istio } from "./adapters/istio";
import { linkerd } from "./adapters/linkerd";
import type { ConfiguredMesh, MeshAdapter } from "./types";

/** Every mesh, by the `kind` that a config names it with. */
export const meshes = {
  istio,
  linkerd,
  consul,
  "app-mesh": appMesh,
  "aks-istio": aksIstio,
  "cloud-service-mesh": cloudServiceMesh,
  "gateway-api": gatewayApi,
} as const satisfies { readonly [kind: string]: MeshAdapter };

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
