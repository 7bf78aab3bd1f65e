import { appMesh } from "./appmesh";
import { consul } from "./consul";
import { gatewayApi } from "./gateway-api";
import { istio } from "./istio";
import { linkerd } from "./linkerd";
import type { Source } from "./types";

/** Every language that intents can be read from. */
export const sources = {
  istio,
  "gateway-api": gatewayApi,
  linkerd,
  consul,
  appmesh: appMesh,
} as const satisfies { readonly [kind: string]: Source };

export type SourceKind = keyof typeof sources;
