import { isCidr, isDnsLabel } from "../../../lib";
import type { Caller } from "../../intent/types";
import type { Draft } from "../draft";
import type { Field } from "../field";

const IDENTITY = /^([a-z0-9.-]+)\/ns\/([^/]+)\/sa\/([^/]+)$/;
const NAMESPACE = /^([a-z0-9.-]+)\/ns\/([^/]+)\/(?:sa\/)?\*$/;

/** The trust domain of the policies' identities, if they share one; of several, the one that services here are of. */
export function sharedTrustDomain(principals: readonly string[], draft: Draft): string | undefined {
  const identities = principals.flatMap((p) => {
    const [, domain, namespace = "", account = ""] = IDENTITY.exec(p) ?? NAMESPACE.exec(p) ?? [];
    return domain === undefined
      ? []
      : [{ domain, known: knownCaller(namespace, account, draft) !== undefined }];
  });
  const all = new Set(identities.map(({ domain }) => domain));
  const ours = new Set(identities.flatMap(({ domain, known }) => (known ? domain : [])));
  const [only] = all.size === 1 ? all : ours;
  return all.size === 1 || ours.size === 1 ? only : undefined;
}

/** Whom a principal is; undefined for a pattern that an intent has no word for. */
export function callerOf(field: Field, draft: Draft): Caller | undefined {
  const written = field.text();
  if (written === undefined) return undefined;
  const { at } = field;
  const everybody = NAMESPACE.exec(written);
  if (everybody?.[2] !== undefined && isOurs(everybody[1], draft) && isDnsLabel(everybody[2])) {
    return { kind: "namespace", namespace: everybody[2], at };
  }
  const [, domain, namespace = "", account = ""] = IDENTITY.exec(written) ?? [];
  if (domain === undefined || account.includes("*") || namespace.includes("*")) return undefined;
  if (isOurs(domain, draft)) {
    const known = knownCaller(namespace, account, draft);
    if (known !== undefined) return { ...known, at };
  }
  return { kind: "principal", principal: `spiffe://${written}`, at };
}

function isOurs(domain: string | undefined, { trustDomain }: Draft): boolean {
  return domain === trustDomain || domain === "cluster.local";
}

type Known =
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "gateway"; readonly gateway: string };

/** The one service or gateway that runs as an account; where several share it they cannot be told apart. */
function knownCaller(namespace: string, account: string, draft: Draft): Known | undefined {
  const services = [...draft.services.values()].filter(
    (s) => s.namespace === namespace && s.serviceAccount === account,
  );
  const [service] = services;
  if (service !== undefined)
    return services.length === 1 ? { kind: "service", service: service.key } : undefined;
  const gateway = [...draft.gateways.values()].find(
    (g) =>
      g.accounts?.includes(`${namespace}/${account}`) === true ||
      (g.namespace === namespace && accountsOf(g.name, g.selector).includes(account)),
  );
  return gateway === undefined ? undefined : { kind: "gateway", gateway: gateway.name };
}

/** As the gateway chart calls the account of a gateway's pods, and as istioctl's profiles do. */
function accountsOf(name: string, selector: { readonly [key: string]: string }): string[] {
  const release = selector["istio"] ?? name;
  return [release, `${name}-gateway`, `istio-${release}-service-account`, `istio-${release}`];
}

/** `source.serviceAccounts`: `account` of the policy's own namespace, or `namespace/account`. */
export function accountCaller(field: Field, namespace: string, draft: Draft): Caller | undefined {
  const written = field.text();
  if (written === undefined) return undefined;
  const [own, account] = written.includes("/") ? written.split("/", 2) : [namespace, written];
  if (own === undefined || account === undefined || written.includes("*")) return undefined;
  const known = knownCaller(own, account, draft);
  const principal = `spiffe://${draft.trustDomain}/ns/${own}/sa/${account}`;
  return known === undefined ? { kind: "principal", principal, at: field.at } : { ...known, at: field.at };
}

/** A block of addresses; one address is the block of just it. */
export function blockOf(field: Field): string | undefined {
  const written = field.text();
  if (written === undefined) return undefined;
  const block = written.includes("/") ? written : `${written}/${written.includes(":") ? 128 : 32}`;
  return isCidr(block) ? block : undefined;
}
