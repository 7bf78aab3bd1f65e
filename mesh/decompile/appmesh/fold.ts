import { groupBy } from "../../../lib";
import { contentText } from "../../intent/order";
import type { DraftService } from "../draft";
import type { Item } from "../manifests";
import { hasAll } from "../services";
import { hostOf, keyOf, placeOf, type AppMesh } from "./model";

/**
 * The service that callers know by a virtual service's name, where every node behind it has a Service of its own that
 * is there for nothing but to find its pods: those become its versions. Undefined where they are more than that.
 */
export function foldedService(item: Item, nodes: readonly Item[], mesh: AppMesh): DraftService | undefined {
  const { draft, meanings } = mesh;
  const place = placeOf(hostOf(item));
  const parts = nodes.flatMap((node) => meanings.get(keyOf(node)) ?? []);
  const services = [...new Set(parts.map(({ service }) => service))];
  const shared = sharedBy(services.map(({ selector }) => selector));
  const only = parts.every(({ version }) => version === undefined);
  const foldable = only && services.length === nodes.length && services.every((s) => !isCalled(s, mesh));
  const near = services.every(({ namespace }) => namespace === place?.namespace);
  if (place === undefined || !foldable || !near || Object.keys(shared).length === 0) return undefined;
  const whole = draft.addService(place, item.root.at);
  whole.selector = shared;
  whole.ports = services[0]?.ports ?? [];
  whole.serviceAccount = services[0]?.serviceAccount ?? whole.serviceAccount;
  const message = `no Service chooses the pods of ${whole.key}: its selector is guessed from its nodes`;
  draft.assume(item.root.at, message, `give the Service ${whole.key} the selector of the intent`);
  if (groupBy(services, ({ ports }) => contentText(ports)).size > 1) {
    draft.assume(item.root.at, `the nodes of ${whole.key} have different ports`, "correct the ports");
  }
  nodes.forEach((node, i) => foldNode(node, { whole, part: services[i], mesh }));
  return whole;
}

function foldNode(
  node: Item,
  { whole, part, mesh }: { whole: DraftService; part: DraftService | undefined; mesh: AppMesh },
): void {
  if (part === undefined) return;
  const labels = Object.fromEntries(
    Object.entries(part.selector).filter(([key]) => !Object.hasOwn(whole.selector, key)),
  );
  mesh.draft.services.delete(part.key);
  if (Object.keys(labels).length === 0) {
    mesh.meanings.set(keyOf(node), { service: whole });
    return;
  }
  const start = `${whole.name}-`;
  const version = node.name.startsWith(start) ? node.name.slice(start.length) : node.name;
  whole.versions.push({ name: version, labels, at: node.root.at });
  mesh.draft.versions.set(part.key, { service: whole.key, version });
  mesh.meanings.set(keyOf(node), { service: whole, version });
}

/** Whether some virtual service has the name of a Service: then callers call it by itself. */
function isCalled({ key }: DraftService, { services }: AppMesh): boolean {
  return [...services.values()].some((other) => {
    const place = placeOf(hostOf(other));
    return place !== undefined && keyOf(place) === key;
  });
}

type Labels = { readonly [key: string]: string };

function sharedBy([first = {}, ...others]: readonly Labels[]): Labels {
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) =>
      others.every((labels) => hasAll(labels, { [key]: value })),
    ),
  );
}
