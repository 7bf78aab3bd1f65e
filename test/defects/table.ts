import { appMesh } from "./adapters/app-mesh";
import { consul } from "./adapters/consul";
import { gatewayApi } from "./adapters/gateway-api";
import { linkerd } from "./adapters/linkerd";
import { managed } from "./adapters/managed";
import type { Defect } from "./defect";

/** Defects of every adapter but Istio's, which test/equivalence/judge/defects has. */
export const defects: readonly Defect[] = [...linkerd, ...consul, ...appMesh, ...gatewayApi, ...managed];
