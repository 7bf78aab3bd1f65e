import type { Draft, DraftService } from "../draft";
import type { Field } from "../field";
import type { Item, Manifests } from "../manifests";

export const GROUP = "consul.hashicorp.com";

/** The config entries of a mesh by their names; without Enterprise there are no namespaces among them. */
export interface Consul {
  readonly draft: Draft;
  readonly manifests: Manifests;
  readonly splitters: ReadonlyMap<string, Item>;
  readonly resolvers: ReadonlyMap<string, Item>;
  readonly routers: ReadonlyMap<string, Item>;
  /** Names of services that are outside the mesh. */
  readonly outside: Set<string>;
}

export function byName(items: readonly Item[]): ReadonlyMap<string, Item> {
  return new Map(items.map((item) => [item.name, item]));
}

/** The service of a name, the one of this namespace first where several have it; undefined for a name of no service. */
export function serviceCalled(
  name: string,
  namespace: string,
  { draft }: Pick<Consul, "draft">,
): DraftService | undefined {
  const called = [...draft.services.values()].filter((service) => service.name === name);
  return called.find((service) => service.namespace === namespace) ?? called[0];
}

/** The same, made up where no manifest tells of it. */
export function serviceNamed(
  name: string,
  at: { readonly namespace: string; readonly field: Field },
  consul: Consul,
): DraftService {
  return (
    serviceCalled(name, at.namespace, consul) ??
    consul.draft.service({ namespace: at.namespace, name }, at.field.at)
  );
}
