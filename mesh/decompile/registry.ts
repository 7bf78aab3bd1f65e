import { appMesh } from "./appmesh";
import { consul } from "./consul";
import { gatewayApi } from "./gateway-api";
import { istio } from "./istio";
import { linkerd } from "./linkerd";
import { smi } from "./smi";
import type { Source } from "./types";

/** Every language that intents can be read from. */
export const sources = {
  istio,
  "gateway-api": gatewayApi,
  linkerd,
  consul,
  appmesh: appMesh,
  smi,
} as const satisfies { readonly [kind: string]: Source };

export type SourceKind = keyof typeof sources;
