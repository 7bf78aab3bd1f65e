import type { Item } from "../manifests";
import { chosenBy } from "../services";
import { POLICY, type Door, type LinkerdContext } from "./model";

/** Ports of the proxies' own, which no service has. */
const ADMIN_PORT = 4191;

/** The Servers, each with the ports of services that it is. */
export function readServers({ manifests, draft }: LinkerdContext): Door[] {
  return manifests.take(POLICY, "Server").flatMap((item): Door[] => {
    const { spec, namespace } = item;
    const labels = spec.get("podSelector", "matchLabels").textMap();
    const port = spec.get("port").number() ?? spec.get("port").text();
    const protocol = spec.get("proxyProtocol").text() ?? "unknown";
    const accessPolicy = spec.get("accessPolicy").text() ?? "deny";
    if (port === ADMIN_PORT) {
      acceptAdmin(item);
      return [];
    }
    const services = chosenBy(draft, namespace, labels);
    const places = services.flatMap((service) =>
      service.ports
        .filter((p) => p.targetPort === port || p.name === port)
        .map((p) => ({ service, port: p.port })),
    );
    if (places.length === 0) {
      const message = "this port is not one of a service among the manifests";
      spec.lose({ message, security: true });
      return [];
    }
    return [{ item, places, http: /^(HTTP|gRPC|unknown)/.test(protocol), accessPolicy }];
  });
}

/** Who may read the proxies' own figures is a matter of the mesh, not of an intent. */
function acceptAdmin({ spec }: Item): void {
  spec.accept();
}
