import type { Field } from "../field";
import type { Item } from "../manifests";
import type { RouteContext } from "./parents";

/**
 * Tells where a gateway's route leads into another namespace and no ReferenceGrant among the manifests lets it: then
 * implementations answer with errors, where an intent needs no permission.
 */
export function tellUngranted(route: Item, { grants, draft }: RouteContext): void {
  for (const ref of referencesOf(route.spec)) {
    const namespace = ref.get("namespace").text() ?? route.namespace;
    const name = ref.get("name").text() ?? "";
    if (namespace === route.namespace) continue;
    const granted = grants.some((grant) => grant.namespace === namespace && lets(grant, route, name));
    if (granted) continue;
    const message = `no ReferenceGrant of namespace ${namespace} lets ${route.kind}s of ${route.namespace} name ${name}: it is taken to be there`;
    draft.assume(ref.at, message, "add it to what is imported, or take the backend out");
  }
}

function referencesOf(spec: Field): Field[] {
  return spec
    .get("rules")
    .items()
    .flatMap((rule) => [
      ...rule.get("backendRefs").items(),
      ...rule
        .get("filters")
        .items()
        .map((filter) => filter.get("requestMirror", "backendRef")),
    ]);
}

function lets({ spec }: Item, route: Item, name: string): boolean {
  const from = spec.get("from").items();
  const to = spec.get("to").items();
  return (
    from.some(
      (one) => one.get("kind").text() === route.kind && one.get("namespace").text() === route.namespace,
    ) &&
    to.some(
      (one) => one.get("kind").text() === "Service" && [undefined, name].includes(one.get("name").text()),
    )
  );
}
