import { isDnsLabel, isHost } from "../../../lib";
import type { Draft } from "../draft";
import type { Item, Manifests } from "../manifests";
import { joinHosts } from "../join-hosts";
import { addVersions, hasAll, readServices } from "../services";
import type { Source } from "../types";
import { readVirtualGateways } from "./gateways";
import { byKey, GROUP, hostOf, keyOf, reference, type AppMesh } from "./model";
import { isOutside, nodesBehind, protocolOf, readNodes, readTls } from "./nodes";
import { routerRoutes } from "./routes";

/** AWS App Mesh, by the objects of its controller for Kubernetes. */
export const appMesh: Source = { title: "AWS App Mesh", security: [], read: readAppMesh };

function readAppMesh(manifests: Manifests, draft: Draft): void {
  const nodes = byKey(manifests.take(GROUP, "VirtualNode"));
  const routers = byKey(manifests.take(GROUP, "VirtualRouter"));
  const services = byKey(manifests.take(GROUP, "VirtualService"));
  const gateways = manifests.take(GROUP, "VirtualGateway");
  draft.authorization = "allow";
  readServices(manifests, draft, (item) => isPart(item, { nodes, services, gateways }));
  const mesh: AppMesh = {
    draft,
    manifests,
    nodes,
    routers,
    services,
    meanings: new Map(),
    called: new Map(),
  };
  readNodes(mesh);
  readExternal(mesh);
  for (const [key, item] of services) readVirtualService(key, item, mesh);
  readVirtualGateways(gateways, mesh);
  readTls(mesh);
  readMesh(mesh);
  tellBackends(mesh);
  acceptReferences(mesh);
  draft.routes.splice(0, draft.routes.length, ...joinHosts(draft.routes));
  addVersions(manifests, draft);
}

interface Known {
  readonly nodes: ReadonlyMap<string, Item>;
  readonly services: ReadonlyMap<string, Item>;
  readonly gateways: readonly Item[];
}

/** Services that only find the pods of one node, or stand before a gateway: nothing that callers call. */
function isPart(item: Item, { nodes, services, gateways }: Known): boolean {
  const selector = item.spec.get("selector").textMap();
  if (gateways.some((g) => hasAll(g.spec.get("podSelector", "matchLabels").textMap(), selector))) return true;
  const host = `${item.name}.${item.namespace}`;
  const named = (text: string | undefined): boolean =>
    text === host || text?.startsWith(`${host}.svc.`) === true;
  const called = [...services.values()].some((s) => named(hostOf(s)));
  const found = [...nodes.values()].some((n) =>
    named(n.spec.get("serviceDiscovery", "dns", "hostname").text()),
  );
  return found && !called && item.spec.get("clusterIP").text() === "None";
}

/** A service's routes are those of the router behind its virtual service. */
function readVirtualService(key: string, { spec, namespace }: Item, mesh: AppMesh): void {
  const service = mesh.called.get(key);
  const router = mesh.routers.get(
    reference(spec.get("provider", "virtualRouter", "virtualRouterRef"), namespace) ?? "",
  );
  if (service === undefined || router === undefined) return;
  mesh.draft.routes.push(...routerRoutes(router, service, mesh));
}

/** Virtual services for hosts outside: nodes that are found by the very name that they are called by. */
function readExternal(mesh: AppMesh): void {
  const { draft, services } = mesh;
  for (const item of services.values()) {
    const host = hostOf(item);
    const nodes = nodesBehind(item, mesh);
    if (
      mesh.called.has(keyOf(item)) ||
      nodes.length === 0 ||
      !isHost(host) ||
      !nodes.every((n) => isOutside(n, host))
    )
      continue;
    const ports = nodes
      .flatMap((node) => node.spec.get("listeners").items())
      .flatMap((listener) => {
        const port = listener.get("portMapping", "port").number();
        return port === undefined ? [] : [{ port, protocol: protocolOf(listener) }];
      });
    const plain = item.name.replace(/^external-/, "");
    const base = plain.replace(/-\d+$/, "");
    const known = draft.external.findIndex(
      (e) => e.name === base && JSON.stringify(e.ports) === JSON.stringify(ports),
    );
    const twin = draft.external[known];
    if (twin !== undefined && base !== plain)
      draft.external[known] = { ...twin, hosts: [...twin.hosts, host].sort() };
    else
      draft.external.push({
        name: isDnsLabel(plain) ? plain : "outside",
        hosts: [host],
        ports,
        at: item.spec.at,
      });
    for (const node of nodes) node.spec.accept();
    const router = mesh.routers.get(
      reference(item.spec.get("provider", "virtualRouter", "virtualRouterRef"), item.namespace) ?? "",
    );
    router?.spec.accept();
  }
}

/** What proxies may call outside of the mesh: nothing, where the mesh does not say. */
function readMesh({ manifests, draft }: AppMesh): void {
  for (const { spec } of manifests.take(GROUP, "Mesh")) {
    spec.get("awsName").accept();
    spec.get("namespaceSelector").accept();
    draft.egress =
      spec.get("egressFilter", "type").word("ALLOW_ALL", "DROP_ALL") === "ALLOW_ALL" ? "allow" : "deny";
  }
}

/** Proxies call only what their node lists. An intent says who may call whom at the other end. */
function tellBackends({ nodes, services, called }: AppMesh): void {
  const everything = [...services.keys()].filter((key) => called.has(key));
  for (const { spec, namespace, name } of nodes.values()) {
    if (!spec.get("podSelector").there) continue;
    const backends = spec.get("backends");
    const listed = new Set(
      backends
        .items()
        .map((backend) => reference(backend.get("virtualService", "virtualServiceRef"), namespace)),
    );
    const missing = everything.filter((key) => !listed.has(key));
    if (missing.length === 0 || !backends.there) continue;
    backends.change(
      `node ${name} can call only what it lists; in an intent who may call whom is said by access`,
      "write access that allows these calls, and authorization: { default: deny }",
    );
  }
}

/** What only ties the objects together. */
function acceptReferences({ routers, services }: AppMesh): void {
  for (const { spec } of services.values()) {
    for (const key of ["awsName", "meshRef", "provider"]) spec.get(key).accept();
  }
  for (const { spec } of routers.values()) {
    for (const key of ["awsName", "meshRef", "listeners"]) spec.get(key).accept();
  }
}
