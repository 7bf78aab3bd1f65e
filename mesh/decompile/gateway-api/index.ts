import type { Draft } from "../draft";
import type { Manifests } from "../manifests";
import { addVersions, readServices } from "../services";
import type { Source } from "../types";
import { readGateways } from "./gateways";
import { GROUP, type RouteContext } from "./parents";
import { readGrpcRoutes, readTcpRoutes, readTlsRoutes } from "./other-routes";
import { readHttpRoutes } from "./http-route";

/** The Gateway API by itself, for services of a mesh and for gateways. */
export const gatewayApi: Source = {
  title: "Gateway API",
  security: [],
  read(manifests, draft) {
    // Routes alone close nothing.
    draft.mode = "permissive";
    draft.authorization = "allow";
    readGatewayApi(manifests, draft);
    addVersions(manifests, draft);
  },
};

/** Services, gateways and routes: what every mesh that reads the Gateway API shares. */
export function readGatewayApi(manifests: Manifests, draft: Draft): void {
  const context: RouteContext = { draft, gateways: new Map() };
  readGateways(manifests, context);
  readServices(manifests, draft);
  readHttpRoutes(manifests.take(GROUP, "HTTPRoute"), context);
  readGrpcRoutes(manifests.take(GROUP, "GRPCRoute"), context);
  readTlsRoutes(manifests.take(GROUP, "TLSRoute"), context);
  readTcpRoutes(manifests.take(GROUP, "TCPRoute"), context);
  // They let routes reach into other namespaces, which an intent need not be allowed to; and name who runs gateways.
  for (const kind of ["ReferenceGrant", "GatewayClass"]) {
    for (const item of manifests.take(GROUP, kind)) item.spec.accept();
  }
}
