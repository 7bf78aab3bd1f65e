import type { Draft } from "../draft";
import type { Field } from "../field";
import type { Item, Manifests } from "../manifests";
import { hasAll } from "../services";

type Labels = { readonly [key: string]: string };

/** Which routes a listener's `allowedRoutes` let in: those of its own namespace where they say nothing. */
export function admissionOf(
  listener: Field,
  gateway: Item,
  { manifests, draft }: { readonly manifests: Manifests; readonly draft: Draft },
): (route: Item) => boolean {
  const allowed = listener.get("allowedRoutes");
  const kinds = allowed
    .get("kinds")
    .items()
    .map((kind) => {
      kind.get("group").acceptIf("gateway.networking.k8s.io");
      return kind.get("kind").text();
    });
  const from = allowed.get("namespaces", "from").text() ?? "Same";
  const selector = allowed.get("namespaces", "selector");
  const chosen = selector.get("matchLabels").textMap();
  const lets = ({ namespace }: Item): boolean => {
    if (from === "All") return true;
    if (from !== "Selector") return from === "Same" && namespace === gateway.namespace;
    const found = manifests.take("", "Namespace").find(({ name }) => name === namespace);
    const labels: Labels = { ...found?.labels, "kubernetes.io/metadata.name": namespace };
    if (hasAll(labels, chosen) || found !== undefined) return hasAll(labels, chosen);
    if (Object.keys(chosen).every((key) => Object.hasOwn(labels, key))) return false;
    const message = `namespace ${namespace} is not among the manifests: its routes are taken to be let in`;
    draft.assume(selector.at, message, "add the Namespace to what is imported");
    return true;
  };
  return (route) => (kinds.length === 0 || kinds.includes(route.kind)) && lets(route);
}
