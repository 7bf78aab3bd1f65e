import { groupBy, type JsonObject } from "../../../../lib";
import type { Access, Caller, Gateway, Service } from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import { principalOf } from "../names";
import type { Site } from "../site";

/** Who may call whom. */
export function authorizationPolicies(site: Site): KubeObject[] {
  const { intent } = site;
  const byService = groupBy(intent.access, (a) => a.to.service);
  const services = intent.services.flatMap((service) =>
    (["allow", "deny"] as const).flatMap((action) => {
      const access = (byService.get(service.key) ?? []).filter((a) => a.action === action);
      return access.length === 0 ? [] : [servicePolicy(service, { action, access, site })];
    }),
  );
  if (intent.authorization.default === "allow") return services;
  return [defaultDeny(site), ...intent.gateways.map((g) => gatewayPolicy(g, site)), ...services];
}

/** A policy that allows, and names nothing to allow: in the root namespace it holds for every proxy. */
function defaultDeny({ rootNamespace }: Site): KubeObject {
  return policy({ name: "default-deny", namespace: rootNamespace, spec: {} });
}

/** A gateway is there for callers without an identity; what they may reach behind it is access's business. */
function gatewayPolicy({ name, listeners }: Gateway, site: Site): KubeObject {
  const { namespace, selector } = site.gateway(name);
  const ports = [...new Set(listeners.map((l) => l.port))].map(String);
  return policy({
    name: `${name}-gateway-allow`,
    namespace,
    spec: {
      selector: { matchLabels: selector },
      action: "ALLOW",
      rules: [{ to: [{ operation: { ports } }] }],
    },
  });
}

function servicePolicy(
  service: Service,
  { action, access, site }: { action: "allow" | "deny"; access: readonly Access[]; site: Site },
): KubeObject {
  return policy({
    name: `${service.name}-${action}`,
    namespace: service.namespace,
    spec: {
      selector: { matchLabels: service.selector },
      action: action.toUpperCase(),
      rules: access.map((a) => ruleOf(a, { service, site })),
    },
  });
}

/** One access as one rule; a rule without `from` or `to` holds for every caller or every request. */
function ruleOf(access: Access, { service, site }: { service: Service; site: Site }): JsonObject {
  const { from, operations } = access;
  const ports = portsOf(access, service);
  const shared = ports.length === 0 ? {} : { ports };
  const narrowed = operations.map(({ methods, paths }) => ({
    operation: {
      ...shared,
      ...(methods.length === 0 ? {} : { methods }),
      ...(paths.length === 0 ? {} : { paths }),
    },
  }));
  const whole = ports.length === 0 ? [] : [{ operation: shared }];
  const requests = narrowed.length === 0 ? whole : narrowed;
  return {
    ...(from.length === 0 ? {} : { from: from.map((caller) => ({ source: sourceOf(caller, site) })) }),
    ...(requests.length === 0 ? {} : { to: requests }),
  };
}

/**
 * The pods' ports that an access is for; none for all of them. Istio takes a denial of methods or paths that names no
 * port for one of everything on ports that carry no HTTP, so such a denial always names the service's own.
 */
function portsOf({ to, action, operations }: Access, service: Service): string[] {
  const all = to.ports.length === 0 && action === "deny" && operations.length > 0;
  return service.ports.filter((p) => all || to.ports.includes(p.port)).map((p) => String(p.targetPort));
}

function sourceOf(caller: Caller, { lookup, trustDomain, gateway }: Site): JsonObject {
  switch (caller.kind) {
    case "service": {
      const service = lookup.service(caller.service);
      return { principals: service === undefined ? [] : [principalOf(service, trustDomain)] };
    }
    case "gateway": {
      return { principals: [principalOf(gateway(caller.gateway), trustDomain)] };
    }
    case "namespace":
      return { namespaces: [caller.namespace] };
    case "principal":
      return { principals: [caller.principal.replace("spiffe://", "")] };
    case "ipBlocks":
      return { ipBlocks: caller.blocks };
  }
}

function policy({
  name,
  namespace,
  spec,
}: {
  name: string;
  namespace: string;
  spec: JsonObject;
}): KubeObject {
  return kubeObject({
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    name,
    namespace,
    spec,
  });
}
