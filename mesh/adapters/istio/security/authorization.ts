import { groupBy, type JsonObject } from "../../../../lib";
import {
  isHttpLike,
  type Access,
  type Caller,
  type Gateway,
  type Operation,
  type Service,
} from "../../../intent/types";
import type { KubeObject } from "../../../plan/types";
import { principalOf } from "../names";
import type { Site } from "../site";
import { jwtConditions } from "./jwt";
import { heldBy, policy, portAt } from "./objects";

const ACTIONS = ["allow", "audit", "deny"] as const;

/** Who may call whom. */
export function authorizationPolicies(site: Site): KubeObject[] {
  const { intent } = site;
  const byService = groupBy(intent.access, (a) => a.to.service);
  const services = intent.services.flatMap((service) =>
    ACTIONS.flatMap((action) => {
      const access = (byService.get(service.key) ?? []).filter((a) => a.action === action);
      return access.length === 0 ? [] : servicePolicy(service, { action, access, site });
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

/** A policy that allows keeps the service closed even where none of its rules can hold; others are left out then. */
function servicePolicy(
  service: Service,
  { action, access, site }: { action: Access["action"]; access: readonly Access[]; site: Site },
): KubeObject[] {
  const rules = access.flatMap((a) => rulesOf(a, { service, site }));
  if (rules.length === 0 && action !== "allow") return [];
  const spec = {
    ...heldBy(service, site),
    action: action.toUpperCase(),
    ...(rules.length === 0 ? {} : { rules }),
  };
  return [policy({ name: `${service.name}-${action}`, namespace: service.namespace, spec })];
}

/** One access as one rule; a rule without `from` or `to` holds for every caller or every request. */
function rulesOf(access: Access, { service, site }: { service: Service; site: Site }): JsonObject[] {
  const { from, operations, jwt } = access;
  const ports = portsOf(access, { service, site });
  if (ports === "none") return [];
  const requests = operationsOf(operations, ports);
  const conditions = jwt === undefined ? [] : jwtConditions(jwt, site);
  return [
    {
      ...(from.length === 0 ? {} : { from: from.map((caller) => ({ source: sourceOf(caller, site) })) }),
      ...(requests.length === 0 ? {} : { to: requests }),
      ...(conditions.length === 0 ? {} : { when: conditions }),
    },
  ];
}

/** What requests are meant, on these ports of the pods; an empty list for all of them. */
export function operationsOf(operations: readonly Operation[], ports: readonly string[]): JsonObject[] {
  const shared = ports.length === 0 ? {} : { ports };
  if (operations.length === 0) return ports.length === 0 ? [] : [{ operation: shared }];
  return operations.map(({ methods, paths }) => ({
    operation: {
      ...shared,
      ...(methods.length === 0 ? {} : { methods }),
      ...(paths.length === 0 ? {} : { paths }),
    },
  }));
}

/**
 * The pods' ports that an access is for; none listed for all of them. Istio takes a denial of methods, paths or tokens
 * for one of everything on ports that carry no HTTP, so such a denial names those of the service that do, if any.
 */
function portsOf(
  { to, action, operations, jwt }: Access,
  { service, site }: { service: Service; site: Site },
): string[] | "none" {
  const ofRequests = action !== "allow" && (operations.length > 0 || jwt !== undefined);
  if (!ofRequests && to.ports.length === 0) return [];
  const meant = service.ports.filter(
    (p) => (to.ports.length === 0 || to.ports.includes(p.port)) && (!ofRequests || isHttpLike(p.protocol)),
  );
  return meant.length === 0 ? "none" : meant.map((p) => portAt(p, site));
}

/** A caller as `rules[].from[].source`. */
export function sourceOf(caller: Caller, { lookup, trustDomain, gateway }: Site): JsonObject {
  switch (caller.kind) {
    case "service": {
      const service = lookup.service(caller.service);
      return { principals: service === undefined ? [] : [principalOf(service, trustDomain)] };
    }
    case "gateway":
      return { principals: [principalOf(gateway(caller.gateway), trustDomain)] };
    case "namespace":
      // `namespaces` would let in the namesakes of other trust domains.
      return { principals: [`${trustDomain}/ns/${caller.namespace}/*`] };
    case "principal":
      return { principals: [caller.principal.replace("spiffe://", "")] };
    case "ipBlocks":
      return { ipBlocks: caller.blocks };
  }
}
