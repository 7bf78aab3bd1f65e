import { byText, shortHash, type JsonObject } from "../../../../lib";
import type { Access, Caller, MtlsMode } from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import { accountOf } from "../gateways";
import { anyIdentityOf, identityOf, identityOfPrincipal, POLICY } from "../names";
import type { Site } from "../site";

/** Who may come in: anyone, holders of these identities, and those from these networks. */
export interface Callers {
  readonly anyone: boolean;
  readonly identities: readonly string[];
  readonly networks: readonly string[];
}

/** The callers of some allows together. */
export function callersOf(allows: readonly Access[], site: Site): Callers {
  const callers = allows.flatMap((a) => a.from);
  return {
    anyone: allows.some((a) => a.from.length === 0),
    identities: sorted(callers.flatMap((c) => identitiesOf(c, site))),
    networks: sorted(callers.flatMap((c) => (c.kind === "ipBlocks" ? c.blocks : []))),
  };
}

export function together(several: readonly Callers[]): Callers {
  return {
    anyone: several.some((c) => c.anyone),
    identities: sorted(several.flatMap((c) => c.identities)),
    networks: sorted(several.flatMap((c) => c.networks)),
  };
}

function identitiesOf(caller: Caller, site: Site): string[] {
  const { trustDomain } = site.intent.mtls;
  switch (caller.kind) {
    case "service": {
      const service = site.lookup.service(caller.service);
      return service === undefined ? [] : [identityOf(service, trustDomain)];
    }
    case "gateway": {
      const account = accountOf(caller.gateway, site);
      return account === undefined ? [] : [identityOf(account, trustDomain)];
    }
    case "namespace":
      return [anyIdentityOf(caller.namespace, trustDomain)];
    case "principal":
      return [identityOfPrincipal(caller.principal)];
    case "ipBlocks":
      return [];
  }
}

/** What a policy is for: a Server, or an HTTPRoute of one. */
export interface PolicyTarget {
  readonly kind: "Server" | "HTTPRoute";
  readonly name: string;
  readonly namespace: string;
  /** `strict`: nobody comes in without an identity, whatever else is asked of them. */
  readonly mode: MtlsMode;
}

/** The policies that let callers in at a target, with the authentications that they need; none for nobody. */
export function policiesFor(target: PolicyTarget, { anyone, identities, networks }: Callers): KubeObject[] {
  const { name, namespace, mode } = target;
  const strict = mode === "strict";
  if (anyone) {
    return strict
      ? [identityAuthentication(target, ["*"]), policy(target, { name, needs: [identityRef(name)] })]
      : [policy(target, { name, needs: [] })];
  }
  const byIdentity =
    identities.length === 0
      ? []
      : [identityAuthentication(target, identities), policy(target, { name, needs: [identityRef(name)] })];
  if (networks.length === 0) return byIdentity;
  const fromNetworks = `${name}-networks`;
  const needs = [networkRef(fromNetworks), ...(strict ? [identityRef(fromNetworks)] : [])];
  return [
    ...byIdentity,
    networkAuthentication({ name: fromNetworks, namespace }, networks),
    ...(strict ? [identityAuthentication({ name: fromNetworks, namespace }, ["*"])] : []),
    policy(target, { name: fromNetworks, needs }),
  ];
}

interface Place {
  readonly name: string;
  readonly namespace: string;
}

function identityAuthentication(place: Place, identities: readonly string[]): KubeObject {
  return object("MeshTLSAuthentication", place, { identities });
}

export function networkAuthentication(place: Place, blocks: readonly string[]): KubeObject {
  return object("NetworkAuthentication", place, { networks: blocks.map((cidr) => ({ cidr })) });
}

function identityRef(name: string): JsonObject {
  return { group: POLICY, kind: "MeshTLSAuthentication", name };
}

function networkRef(name: string): JsonObject {
  return { group: POLICY, kind: "NetworkAuthentication", name };
}

function policy(
  target: PolicyTarget,
  { name, needs }: { readonly name: string; readonly needs: readonly JsonObject[] },
): KubeObject {
  return object(
    "AuthorizationPolicy",
    { name, namespace: target.namespace },
    {
      targetRef: { group: POLICY, kind: target.kind, name: target.name },
      requiredAuthenticationRefs: needs,
    },
  );
}

function object(kind: string, { name, namespace }: Place, spec: JsonObject): KubeObject {
  return kubeObject({ apiVersion: `${POLICY}/v1alpha1`, kind, name, namespace, spec });
}

/** A short name for callers: the same for the same ones. */
export function digestOf(callers: Callers): string {
  return shortHash(JSON.stringify(callers));
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort(byText);
}
