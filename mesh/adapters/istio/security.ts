import { groupBy, type JsonObject } from "../../../lib";
import type { Lookup } from "../../intent/lookup";
import type { Access, Caller, Gateway, NormalizedIntent, Service } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { gatewayRelease, gatewaySelector, principalOf, ROOT_NAMESPACE } from "./names";
import type { IstioOptions } from "./options";
import { peerAuthentications } from "./mtls";

/** What policies are made from. */
export interface PolicyInput {
  readonly intent: NormalizedIntent;
  readonly lookup: Lookup;
  readonly options: IstioOptions;
}

/** Every policy of the mesh: who must prove who they are, and who may call whom. */
export function securityObjects(input: PolicyInput): KubeObject[] {
  return [...peerAuthentications(input), ...authorizationPolicies(input)];
}

function authorizationPolicies(input: PolicyInput): KubeObject[] {
  const { intent } = input;
  const byService = groupBy(intent.access, (a) => a.to.service);
  const services = intent.services.flatMap((service) =>
    (["allow", "deny"] as const).flatMap((action) => {
      const access = (byService.get(service.key) ?? []).filter((a) => a.action === action);
      return access.length === 0 ? [] : [servicePolicy(service, { action, access, input })];
    }),
  );
  if (intent.authorization.default === "allow") return services;
  return [defaultDeny(), ...intent.gateways.map((g) => gatewayPolicy(g, input.options)), ...services];
}

/** A policy that allows, and names nothing to allow: in the root namespace it holds for every proxy. */
function defaultDeny(): KubeObject {
  return policy({ name: "default-deny", namespace: ROOT_NAMESPACE, spec: {} });
}

/** A gateway is there for callers without an identity; what they may reach behind it is access's business. */
function gatewayPolicy({ name, listeners }: Gateway, options: IstioOptions): KubeObject {
  const ports = [...new Set(listeners.map((l) => l.port))].map(String);
  return policy({
    name: `${gatewayRelease(name)}-allow`,
    namespace: options.gatewayNamespace,
    spec: {
      selector: { matchLabels: gatewaySelector(name) },
      action: "ALLOW",
      rules: [{ to: [{ operation: { ports } }] }],
    },
  });
}

function servicePolicy(
  service: Service,
  { action, access, input }: { action: "allow" | "deny"; access: readonly Access[]; input: PolicyInput },
): KubeObject {
  return policy({
    name: `${service.name}-${action}`,
    namespace: service.namespace,
    spec: {
      selector: { matchLabels: service.selector },
      action: action.toUpperCase(),
      rules: access.map((a) => ruleOf(a, { service, input })),
    },
  });
}

/** One access as one rule; a rule without `from` or `to` holds for every caller or every request. */
function ruleOf(access: Access, { service, input }: { service: Service; input: PolicyInput }): JsonObject {
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
    ...(from.length === 0 ? {} : { from: from.map((caller) => ({ source: sourceOf(caller, input) })) }),
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

function sourceOf(caller: Caller, { intent, lookup, options }: PolicyInput): JsonObject {
  const { trustDomain } = intent.mtls;
  switch (caller.kind) {
    case "service": {
      const service = lookup.service(caller.service);
      return { principals: service === undefined ? [] : [principalOf(service, trustDomain)] };
    }
    case "gateway": {
      const account = { namespace: options.gatewayNamespace, serviceAccount: gatewayRelease(caller.gateway) };
      return { principals: [principalOf(account, trustDomain)] };
    }
    case "namespace":
      return { namespaces: [caller.namespace] };
    case "principal":
      return { principals: [caller.principal.replace("spiffe://", "")] };
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
