import { isCidr } from "../../../lib";
import type { Caller } from "../../intent/types";
import type { Field } from "../field";
import type { Item } from "../manifests";
import { accountCaller, callerOf, POLICY, sharedDomain, type Callers, type LinkerdContext } from "./model";

/** What a policy is for, and whom it lets in; `callers` is absent where an intent cannot say whom. */
export interface Policy {
  readonly item: Item;
  readonly target: { readonly kind: string; readonly key: string };
  readonly callers?: Callers;
}

/** AuthorizationPolicies with the authentications that they need. */
export function readPolicies(context: LinkerdContext): Policy[] {
  const { manifests, draft } = context;
  const identities = manifests.take(POLICY, "MeshTLSAuthentication");
  const networks = manifests.take(POLICY, "NetworkAuthentication");
  draft.trustDomain =
    sharedDomain(identities.flatMap(({ spec }) => spec.get("identities").texts())) ?? draft.trustDomain;
  const known = new Map<string, Item>([
    ...identities.map((item) => [`MeshTLSAuthentication ${item.namespace}/${item.name}`, item] as const),
    ...networks.map((item) => [`NetworkAuthentication ${item.namespace}/${item.name}`, item] as const),
  ]);
  return manifests.take(POLICY, "AuthorizationPolicy").map((item) => policyOf(item, { known, context }));
}

interface Around {
  readonly known: ReadonlyMap<string, Item>;
  readonly context: LinkerdContext;
}

function policyOf(item: Item, around: Around): Policy {
  const { spec, namespace } = item;
  const ref = spec.get("targetRef");
  ref.get("group").text();
  const kind = ref.get("kind").text() ?? "";
  const name = ref.get("name").text() ?? "";
  const place = ref.get("namespace").text() ?? namespace;
  const target = { kind, key: kind === "Namespace" ? name : `${place}/${name}` };
  const callers = callersOf(spec.get("requiredAuthenticationRefs"), namespace, around);
  if (callers === undefined) {
    const message =
      "whom this policy lets in is not something that an intent can say: nobody is let in by it";
    spec.lose({ message, security: true });
  }
  return { item, target, ...(callers === undefined ? {} : { callers }) };
}

/** All that a policy needs has to hold: an intent can say identities, or networks, or an identity from networks. */
function callersOf(refs: Field, namespace: string, { known, context }: Around): Callers | undefined {
  refs.entries();
  const needs = refs.items().map((ref): Callers | undefined => {
    const kind = ref.get("kind").text() ?? "";
    const name = ref.get("name").text() ?? "";
    ref.get("group").text();
    const place = ref.get("namespace").text() ?? namespace;
    if (kind === "ServiceAccount") {
      const caller = accountCaller({ namespace: place, account: name }, ref.at, context.draft);
      return { from: [caller], anyone: false, authenticated: true };
    }
    const item = known.get(`${kind} ${place}/${name}`);
    if (item === undefined) return undefined;
    return kind === "MeshTLSAuthentication" ? identified(item, context) : located(item);
  });
  const everybody: Callers = { from: [], anyone: true, authenticated: false };
  return needs.reduce<Callers | undefined>((all, need) => both(all, need), everybody);
}

function both(a: Callers | undefined, b: Callers | undefined): Callers | undefined {
  if (a === undefined || b === undefined) return undefined;
  const authenticated = a.authenticated || b.authenticated;
  if (a.anyone) return { ...b, authenticated };
  return b.anyone ? { ...a, authenticated } : undefined;
}

function identified({ spec, namespace }: Item, { draft }: LinkerdContext): Callers | undefined {
  const written = spec.get("identities").items();
  if (written.some((field) => field.text() === "*")) return { from: [], anyone: true, authenticated: true };
  const named = written.map((field) => callerOf(field.text() ?? "", field.at, draft));
  const referred = spec
    .get("identityRefs")
    .items()
    .map((ref): Caller | undefined => {
      const kind = ref.get("kind").text() ?? "";
      const name = ref.get("name").text();
      ref.get("group").text();
      const place = ref.get("namespace").text() ?? namespace;
      if (kind === "Namespace") return { kind: "namespace", namespace: name ?? place, at: ref.at };
      if (kind !== "ServiceAccount" || name === undefined) return undefined;
      return accountCaller({ namespace: place, account: name }, ref.at, draft);
    });
  const all = [...named, ...referred];
  const known = all.flatMap((caller) => caller ?? []);
  return known.length < all.length || all.length === 0
    ? undefined
    : { from: known, anyone: false, authenticated: true };
}

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

function located({ spec }: Item): Callers | undefined {
  const networks = spec.get("networks");
  const items = networks.items();
  const blocks = items.flatMap((network) => network.get("cidr").text() ?? []).filter(isCidr);
  if (items.some((network) => network.get("except").there) || blocks.length < items.length) return undefined;
  if (EVERYWHERE.every((all) => blocks.includes(all)))
    return { from: [], anyone: true, authenticated: false };
  const from: Caller[] = [{ kind: "ipBlocks", blocks: [...blocks].sort(), at: networks.at }];
  return { from, anyone: false, authenticated: false };
}
