import type { JsonObject } from "../../../../lib";
import { isHttpLike, type ExternalAuthorization, type Service } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { authorizerName } from "../names";
import type { Site } from "../site";
import { operationsOf } from "./authorization";
import { heldBy, policy, portAt } from "./objects";

/** About whose requests somebody else is asked first. Connections that carry no requests are not asked about. */
export function externalPolicies(site: Site): KubeObject[] {
  const { intent, lookup } = site;
  return intent.externalAuthorization.flatMap((authorizer) =>
    authorizer.to.flatMap(({ service: key, operations }) => {
      const service = lookup.service(key);
      const ports = service === undefined ? [] : requestPorts(service, site);
      if (service === undefined || ports.length === 0) return [];
      return [
        externalPolicy(authorizer, { service, site, rules: [{ to: operationsOf(operations, ports) }] }),
      ];
    }),
  );
}

function externalPolicy(
  { name }: ExternalAuthorization,
  { service, site, rules }: { service: Service; site: Site; rules: readonly JsonObject[] },
): KubeObject {
  return policy({
    name: `${service.name}-ask-${name}`,
    namespace: service.namespace,
    spec: {
      ...heldBy(service, site),
      action: "CUSTOM",
      provider: { name: authorizerName(name) },
      rules,
    },
  });
}

function requestPorts({ ports }: Service, site: Site): string[] {
  return ports.filter((p) => isHttpLike(p.protocol)).map((p) => portAt(p, site));
}
