import type { Caller } from "../../intent/types";
import type { Draft, DraftService } from "../draft";
import type { Field } from "../field";
import type { Item, Manifests } from "../manifests";

export const POLICY = "policy.linkerd.io";

/** A Server: one port of the pods of some services, and who comes in there without any policy. */
export interface Door {
  readonly item: Item;
  readonly places: readonly { readonly service: DraftService; readonly port: number }[];
  readonly http: boolean;
  readonly accessPolicy: string;
}

/** Those that a policy lets in. */
export interface Callers {
  readonly from: readonly Caller[];
  /** Everybody, or everybody with an identity. */
  readonly anyone: boolean;
  readonly authenticated: boolean;
}

export interface LinkerdContext {
  readonly manifests: Manifests;
  readonly draft: Draft;
}

const IDENTITY = /^(.+?)\.([^.]+)\.serviceaccount\.identity\.[^.]+\.(.+)$/;

/** Whom an identity of Linkerd's names; undefined for one of another trust domain's form that an intent cannot say. */
export function callerOf(written: string, at: Field["at"], draft: Draft): Caller | undefined {
  if (written.startsWith("spiffe://")) return { kind: "principal", principal: written, at };
  const [, account = "", namespace = "", domain = ""] = IDENTITY.exec(written) ?? [];
  if (namespace === "") return undefined;
  if (account === "*") return domain === draft.trustDomain ? { kind: "namespace", namespace, at } : undefined;
  return accountCaller({ namespace, account, domain }, at, draft);
}

interface Account {
  readonly namespace: string;
  readonly account: string;
  readonly domain?: string;
}

export function accountCaller(
  { namespace, account, domain }: Account,
  at: Field["at"],
  draft: Draft,
): Caller {
  if (domain === undefined || domain === draft.trustDomain) {
    const services = [...draft.services.values()].filter(
      (s) => s.namespace === namespace && s.serviceAccount === account,
    );
    const [service, second] = services;
    if (service !== undefined && second === undefined) return { kind: "service", service: service.key, at };
    const gateway = [...draft.gateways.values()].find(
      (g) => g.namespace === namespace && account.startsWith(g.name),
    );
    if (service === undefined && gateway !== undefined) return { kind: "gateway", gateway: gateway.name, at };
  }
  return {
    kind: "principal",
    principal: `spiffe://${domain ?? draft.trustDomain}/ns/${namespace}/sa/${account}`,
    at,
  };
}

/** The trust domain that all identities share, where they have one. */
export function sharedDomain(identities: readonly string[]): string | undefined {
  const domains = new Set(identities.flatMap((identity) => IDENTITY.exec(identity)?.[3] ?? []));
  const [only] = domains;
  return domains.size === 1 ? only : undefined;
}
