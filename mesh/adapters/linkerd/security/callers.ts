import { byText, shortHash, sortedBy, type JsonObject } from "../../../../lib";
import type { Access, Caller, MtlsMode } from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { KubeObject } from "../../../plan/types";
import { accountOf } from "../gateways";
import { anyIdentityOf, identityOf, identityOfPrincipal, POLICY } from "../names";
import type { Account } from "../options";
import type { Site } from "../site";

/** The name in a certificate, and, if that is of a service account of the cluster, whose. */
interface Identity {
  readonly name: string;
  readonly account?: Account;
}

/** Who may come in: anyone, holders of these identities, and those from these networks. */
export interface Callers {
  readonly anyone: boolean;
  readonly identities: readonly Identity[];
  readonly networks: readonly string[];
}

/** The callers of some allows together. */
export function callersOf(allows: readonly Access[], site: Site): Callers {
  const callers = allows.flatMap((a) => a.from);
  return {
    anyone: allows.some((a) => a.from.length === 0),
    identities: byName(callers.flatMap((c) => identitiesOf(c, site))),
    networks: sorted(callers.flatMap((c) => (c.kind === "ipBlocks" ? c.blocks : []))),
  };
}

export function together(several: readonly Callers[]): Callers {
  const [only] = several;
  if (several.length === 1 && only !== undefined) return only;
  return {
    anyone: several.some((c) => c.anyone),
    identities: byName(several.flatMap((c) => c.identities)),
    networks: sorted(several.flatMap((c) => c.networks)),
  };
}

function identitiesOf(caller: Caller, site: Site): Identity[] {
  const { trustDomain } = site.intent.mtls;
  switch (caller.kind) {
    case "service":
      return accounts(site.lookup.service(caller.service), trustDomain);
    case "gateway":
      return accounts(accountOf(caller.gateway, site), trustDomain);
    case "namespace":
      return [{ name: anyIdentityOf(caller.namespace, trustDomain) }];
    case "principal":
      return [{ name: identityOfPrincipal(caller.principal) }];
    case "ipBlocks":
      return [];
  }
}

function accounts(account: Account | undefined, trustDomain: string): Identity[] {
  if (account === undefined) return [];
  const { namespace, serviceAccount } = account;
  return [{ name: identityOf(account, trustDomain), account: { namespace, serviceAccount } }];
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
    return strict ? identityPolicy(target, [{ name: "*" }]) : [policy(target, { name, needs: [] })];
  }
  const byIdentity = identities.length === 0 ? [] : identityPolicy(target, identities);
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

/** A lone service account is named itself, several identities by an object of their own. */
function identityPolicy(target: PolicyTarget, identities: readonly Identity[]): KubeObject[] {
  const { name } = target;
  const account = identities.length === 1 ? identities[0]?.account : undefined;
  if (account !== undefined) {
    const { namespace, serviceAccount } = account;
    return [policy(target, { name, needs: [{ kind: "ServiceAccount", name: serviceAccount, namespace }] })];
  }
  const names = identities.map((i) => i.name);
  return [identityAuthentication(target, names), policy(target, { name, needs: [identityRef(name)] })];
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
      requiredAuthenticationRefs: needs,
      targetRef: { group: POLICY, kind: target.kind, name: target.name },
    },
  );
}

function object(kind: string, { name, namespace }: Place, spec: JsonObject): KubeObject {
  return kubeObject({ apiVersion: `${POLICY}/v1alpha1`, kind, name, namespace, spec });
}

/** A short name for callers: the same for the same ones. */
export function digestOf(callers: Callers): string {
  const { anyone, identities, networks } = callers;
  return shortHash(JSON.stringify([anyone, identities.map((i) => i.name), networks]));
}

function byName(identities: readonly Identity[]): readonly Identity[] {
  if (identities.length < 2) return identities;
  return sortedBy([...new Map(identities.map((i) => [i.name, i])).values()], (i) => i.name);
}

function sorted(texts: readonly string[]): readonly string[] {
  if (texts.length < 2) return texts;
  return [...new Set(texts)].sort(byText);
}
