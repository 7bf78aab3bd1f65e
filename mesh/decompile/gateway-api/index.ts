import type { Draft } from "../draft";
import type { Item, Manifests } from "../manifests";
import { addVersions, readServices } from "../services";
import type { Source } from "../types";
import { readGateways } from "./gateways";
import { GROUP, type Dialect, type RouteContext } from "./parents";
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

const STANDARD: Dialect = { regex: (text) => text, retry: () => undefined };

/** Services, gateways and routes: what every mesh that reads the Gateway API shares. */
export function readGatewayApi(
  manifests: Manifests,
  draft: Draft,
  dialect: Dialect = STANDARD,
): RouteContext {
  const context: RouteContext = {
    draft,
    dialect,
    gateways: new Map(),
    grants: manifests.take(GROUP, "ReferenceGrant"),
  };
  const routes = (kind: string): readonly Item[] =>
    manifests.take(GROUP, kind).filter((item) => dialect.skip?.has(item) !== true);
  readGateways(manifests, context);
  readServices(manifests, draft);
  readHttpRoutes(routes("HTTPRoute"), context);
  readGrpcRoutes(routes("GRPCRoute"), context);
  readTlsRoutes(routes("TLSRoute"), context);
  readTcpRoutes(routes("TCPRoute"), context);
  // An intent needs no permission to name a service of another namespace; and its mesh says who runs gateways.
  for (const item of [...context.grants, ...manifests.take(GROUP, "GatewayClass")]) item.spec.accept();
  return context;
}
