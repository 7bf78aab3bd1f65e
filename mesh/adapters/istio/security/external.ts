import { isHttpLike, type ExternalAuthorization, type Service } from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { authorizerName } from "../names";
import type { Site } from "../site";
import { operationsOf } from "./authorization";
import { policy } from "./objects";

/** About whose requests somebody else is asked first. Connections that carry no requests are not asked about. */
export function externalPolicies({ intent, lookup }: Site): KubeObject[] {
  return intent.externalAuthorization.flatMap((authorizer) =>
    authorizer.to.flatMap(({ service: key, operations }) => {
      const service = lookup.service(key);
      const ports = service === undefined ? [] : requestPorts(service);
      if (service === undefined || ports.length === 0) return [];
      return [externalPolicy(authorizer, { service, rules: [{ to: operationsOf(operations, ports) }] })];
    }),
  );
}

function externalPolicy(
  { name }: ExternalAuthorization,
  { service, rules }: { service: Service; rules: readonly { to: ReturnType<typeof operationsOf> }[] },
): KubeObject {
  return policy({
    name: `${service.name}-ask-${name}`,
    namespace: service.namespace,
    spec: {
      selector: { matchLabels: service.selector },
      action: "CUSTOM",
      provider: { name: authorizerName(name) },
      rules,
    },
  });
}

function requestPorts({ ports }: Service): string[] {
  return ports.filter((p) => isHttpLike(p.protocol)).map((p) => String(p.targetPort));
}
