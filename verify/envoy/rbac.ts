import type {
  Extension,
  Permission,
  Principal,
  Rbac,
  RbacFilter,
  RbacPolicy,
  StringMatcher,
} from "../xds/types";
import { all, matchHeader, matchString, not, some, type Request, type Verdict } from "./match";

export const HTTP_RBAC = "envoy.extensions.filters.http.rbac.v3.RBAC";
export const NETWORK_RBAC = "envoy.extensions.filters.network.rbac.v3.RBAC";

/** The key under which Istio keeps a peer's SPIFFE id where the connection's own certificate is not the peer's. */
const PEER_PRINCIPAL = "io.istio.peer_principal";

/** The rules that are enforced by a chain's filters, in order. Shadow rules only count, so they are left out. */
export function enforcedRules(filters: readonly Extension[]): Rbac[] {
  return filters.flatMap((filter) => {
    const config = filter.typedConfig;
    if (config?.["@type"] !== HTTP_RBAC && config?.["@type"] !== NETWORK_RBAC) return [];
    const { rules } = config as RbacFilter;
    return rules === undefined ? [] : [rules];
  });
}

/** Whether a request passes all rules; without rules, everything does. Source: envoy/config/rbac/v3/rbac.proto. */
export function permits(rules: readonly Rbac[], request: Request): Verdict {
  return all(
    rules.map((rbac) => {
      const matched = some(Object.values(rbac.policies ?? {}).map((policy) => matchPolicy(policy, request)));
      switch (rbac.action ?? "ALLOW") {
        case "ALLOW":
          return matched;
        case "DENY":
          return not(matched);
        case "LOG":
          return true;
      }
    }),
  );
}

/** Names of the policies that a request matches in rules of one action, those that cannot be judged included. */
export function matchingPolicies(rules: readonly Rbac[], request: Request): string[] {
  return rules
    .filter((rbac) => (rbac.action ?? "ALLOW") === "ALLOW")
    .flatMap((rbac) => Object.entries(rbac.policies ?? {}))
    .filter(([, policy]) => matchPolicy(policy, request) !== false)
    .map(([name]) => name);
}

function matchPolicy(policy: RbacPolicy, request: Request): Verdict {
  return all([
    some((policy.permissions ?? []).map((permission) => matchPermission(permission, request))),
    some((policy.principals ?? []).map((principal) => matchPrincipal(principal, request))),
  ]);
}

function matchPermission(permission: Permission, request: Request): Verdict {
  const { any, andRules, orRules, notRule, header, urlPath, destinationPort } = permission;
  if (any !== undefined) return any;
  if (andRules) return all((andRules.rules ?? []).map((rule) => matchPermission(rule, request)));
  if (orRules) return some((orRules.rules ?? []).map((rule) => matchPermission(rule, request)));
  if (notRule) return not(matchPermission(notRule, request));
  if (header) return matchHeader(header, request);
  if (urlPath) return matchString(urlPath.path, request.path);
  if (destinationPort !== undefined) return destinationPort === request.port;
  return undefined;
}

function matchPrincipal(principal: Principal, request: Request): Verdict {
  const { any, andIds, orIds, notId, authenticated, filterState, header } = principal;
  if (any !== undefined) return any;
  if (andIds) return all((andIds.ids ?? []).map((id) => matchPrincipal(id, request)));
  if (orIds) return some((orIds.ids ?? []).map((id) => matchPrincipal(id, request)));
  if (notId) return not(matchPrincipal(notId, request));
  if (authenticated) return matchIdentity(authenticated.principalName, request);
  if (filterState?.key === PEER_PRINCIPAL) return matchIdentity(filterState.stringMatch, request);
  if (header) return matchHeader(header, request);
  return undefined;
}

/** Without a name, any peer that has been authenticated will do. */
function matchIdentity(name: StringMatcher | undefined, request: Request): Verdict {
  if (request.principal === undefined) return false;
  return name === undefined ? true : matchString(name, request.principal);
}
