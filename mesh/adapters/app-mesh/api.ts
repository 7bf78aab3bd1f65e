import type { JsonObject } from "../../../lib";
import type { CloudResource, Step } from "../../plan/types";
import { egressFilter } from "./controller";
import { awsName, type MeshModel } from "./model";
import type { Site } from "./site";
import { apiSpelling } from "./spelling";

/** The mesh as resources of App Mesh's API, in the order in which they need each other. */
export function apiSteps(model: MeshModel, { intent, options }: Site): Step[] {
  const { meshName, region } = options;
  const shared = { meshName, ...(region === undefined ? {} : { region }) };
  const resource = (kind: string, name: string, properties: JsonObject): CloudResource => ({
    type: `aws:appmesh/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`,
    name,
    properties: { name, ...shared, ...properties },
  });
  const mesh = {
    type: "aws:appmesh/mesh:Mesh",
    name: meshName,
    properties: {
      name: meshName,
      ...(region === undefined ? {} : { region }),
      spec: egressFilter(intent.egress?.default),
    },
  };
  const routes = model.routers.flatMap((router) =>
    router.routes.map(({ name, spec }, priority) => {
      const virtualRouterName = awsName(router);
      return resource("Route", `${virtualRouterName}_${name}`, {
        virtualRouterName,
        spec: { priority, ...spec },
      });
    }),
  );
  const gatewayRoutes = model.gateways.flatMap((gateway) =>
    gateway.routes.map(({ name, spec }, priority) =>
      resource("GatewayRoute", name, { virtualGatewayName: awsName(gateway), spec: { priority, ...spec } }),
    ),
  );
  return chain([
    ["mesh", [mesh]],
    ["nodes", model.nodes.map((n) => resource("VirtualNode", awsName(n), { spec: n.spec }))],
    [
      "routers",
      model.routers.map((r) => resource("VirtualRouter", awsName(r), { spec: { listeners: r.listeners } })),
    ],
    ["routes", routes],
    [
      "services",
      model.services.map((s) =>
        resource("VirtualService", s.host, { spec: { provider: apiSpelling.router(s.router) } }),
      ),
    ],
    ["gateways", model.gateways.map((g) => resource("VirtualGateway", awsName(g), { spec: g.spec }))],
    ["gateway-routes", gatewayRoutes],
  ]);
}

function chain(steps: readonly (readonly [string, readonly CloudResource[]])[]): Step[] {
  const filled = steps.filter(([, resources]) => resources.length > 0);
  return filled.map(([id, resources], i) => ({
    id,
    dependsOn: filled.slice(i - 1, i).map(([before]) => before),
    readiness: "ready",
    do: { kind: "cloudResources", resources },
  }));
}
