import { externalNode, externalRouter, externals } from "./egress";
import { gatewayModel, ruleServices } from "./gateways";
import { gatewayRoutes } from "./gateway-routes";
import type { MeshModel, Spelling } from "./model";
import { hostOf, nodePlace } from "./names";
import { serviceNodes } from "./nodes";
import { serviceRouter } from "./routes";
import type { Site } from "./site";

/** Everything that an intent is in App Mesh, spelled for one of its forms. */
export function meshModel(site: Site, spelling: Spelling): MeshModel {
  const { intent, options } = site;
  const input = { site, spelling };
  const outside = externals(site);
  const rules = intent.gateways.map((gateway) => ruleServices(gateway, input));
  return {
    nodes: [
      ...intent.services.flatMap((service) => serviceNodes(service, input)),
      ...outside.map((external) => externalNode(external)),
    ],
    routers: [
      ...intent.services.map((service) => serviceRouter(service, input)),
      ...outside.map((external) => externalRouter(external, spelling)),
      ...rules.flatMap((r) => r.routers),
    ],
    services: [
      ...intent.services.map((service) => {
        const place = nodePlace(service);
        return { ...place, host: hostOf(service, options), router: place };
      }),
      ...outside.map(({ name, namespace, host, router }) => ({ name, namespace, host, router })),
      ...rules.flatMap((r) => r.services),
    ],
    gateways: intent.gateways.map((gateway) => ({
      ...gatewayModel(gateway, input),
      routes: gatewayRoutes(gateway, input),
    })),
  };
}
