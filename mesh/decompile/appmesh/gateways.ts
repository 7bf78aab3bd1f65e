import { isDnsLabel, isHost, present } from "../../../lib";
import type { Listener, Rewrite, RouteRule } from "../../intent/types";
import { fromCharPrefixes, type CharEntry, type CharPath } from "../char-prefix";
import type { Field } from "../field";
import { fromFirstMatch, type Action } from "../first-match";
import type { Item } from "../manifests";
import { byProtocol } from "../protocols";
import { exposureOf } from "../exposure";
import { hasAll } from "../services";
import { hostOf, keyOf, reference, type AppMesh } from "./model";
import { matchOf, routerEntries } from "./routes";

interface GatewayEntry extends CharEntry {
  readonly host: string;
  readonly grpc: boolean;
}

/** A virtual gateway, how it is reached, and the routes that choose it. Its Service tells its ports from its pods'. */
export function readVirtualGateways(items: readonly Item[], mesh: AppMesh): void {
  const routes = mesh.manifests.take("appmesh.k8s.aws", "GatewayRoute");
  const chosen = new Set<Item>();
  for (const item of items) {
    const own = routes
      .filter((route) => belongs(route, item, items))
      .sort((a, b) => priorityOf(a) - priorityOf(b));
    for (const route of own) chosen.add(route);
    readGateway(item, own, mesh);
  }
  for (const route of routes) {
    if (!chosen.has(route))
      route.spec.lose({ message: "no VirtualGateway among the manifests has this route" });
  }
}

/** 0 comes first; routes without a priority come last. */
function priorityOf({ spec }: Item): number {
  return spec.get("priority").number() ?? 1001;
}

function belongs(route: Item, gateway: Item, all: readonly Item[]): boolean {
  const named = reference(route.spec.get("virtualGatewayRef"), route.namespace);
  if (named !== undefined) return named === keyOf(gateway);
  const labels = gateway.spec.get("gatewayRouteSelector", "matchLabels").textMap();
  return Object.keys(labels).length === 0
    ? all.length === 1
    : hasAll(route.labels, labels) || all.length === 1;
}

interface Door {
  readonly port: number;
  readonly podPort: number;
}

function readGateway(item: Item, routes: readonly Item[], mesh: AppMesh): void {
  const { spec, namespace, name } = item;
  for (const key of ["awsName", "meshRef", "namespaceSelector", "backendDefaults"]) spec.get(key).accept();
  spec.get("logging", "accessLog", "file", "path").acceptIf("/dev/stdout");
  const selector = spec.get("podSelector", "matchLabels").textMap();
  const service = mesh.manifests
    .take("", "Service")
    .find((s) => hasAll(selector, s.spec.get("selector").textMap()));
  if (!isDnsLabel(name)) {
    spec.lose({ message: `${JSON.stringify(name)} cannot be the name of a gateway` });
    return;
  }
  if (service === undefined) {
    mesh.draft.assume(
      spec.at,
      `no Service leads to gateway ${name}: it is taken for a public one`,
      "add its Service to what is imported",
    );
  }
  const doors = (podPort: number): Door => ({ podPort, port: servicePort(service, podPort) });
  const entries = routes.flatMap((route) => gatewayEntries(route, mesh));
  const hosts = [...new Set(entries.map((entry) => entry.host))].sort();
  const listeners = spec
    .get("listeners")
    .items()
    .flatMap((field) => listenerOf(field, { doors, mesh, selector }));
  const exposure = service === undefined ? "public" : exposureOf(service);
  mesh.draft.gateways.set(name, { name, namespace, selector, listeners, exposure, at: item.root.at });
  for (const host of hosts) addRoutes(name, host, { entries, mesh });
}

function servicePort(service: Item | undefined, podPort: number): number {
  const ports = service?.spec.get("ports").items() ?? [];
  const found = ports.find(
    (port) => (port.get("targetPort").number() ?? port.get("port").number()) === podPort,
  );
  return found?.get("port").number() ?? podPort;
}

interface ListenerInput {
  readonly doors: (podPort: number) => Door;
  readonly mesh: AppMesh;
  readonly selector: { readonly [key: string]: string };
}

function listenerOf(field: Field, { doors, mesh, selector }: ListenerInput): Listener[] {
  const podPort = field.get("portMapping", "port").number();
  const protocol = field.get("portMapping", "protocol").word("http", "http2", "grpc");
  if (podPort === undefined || protocol === undefined) return [];
  const tls = field.get("tls");
  const closed = tls.there && tls.get("mode").text() !== "DISABLED";
  const secret = closed ? secretOf(tls.get("certificate"), { mesh, selector }) : undefined;
  if (closed && secret === undefined) {
    field.lose({
      message: "a listener's certificate is a Secret, in an intent",
      hint: "write the Secret's name in the gateway's listener",
      security: true,
    });
    return [];
  }
  const spoken = protocol === "grpc" ? "grpc" : closed ? "https" : "http";
  return [
    {
      port: doors(podPort).port,
      protocol: spoken,
      // Listeners take requests for every host, and answer 404 where no route is for it.
      hosts: ["*"],
      ...(secret === undefined ? {} : { tlsSecret: secret }),
      at: field.at,
    },
  ];
}

/** The Secret that the gateway's pods mount where the certificate's file is; else the name of its folder. */
function secretOf(
  certificate: Field,
  { mesh, selector }: Pick<ListenerInput, "mesh" | "selector">,
): string | undefined {
  const file = certificate.get("file", "certificateChain").text();
  certificate.get("file", "privateKey").text();
  if (file === undefined) return undefined;
  const folder = file.slice(0, file.lastIndexOf("/"));
  const pods = mesh.manifests.take("apps", "Deployment").map(({ spec }) => spec.get("template"));
  const own = pods.filter((pod) => hasAll(pod.get("metadata", "labels").textMap(), selector));
  const mounts = own
    .flatMap((pod) => pod.get("spec", "containers").items())
    .flatMap((c) => c.get("volumeMounts").items());
  const mount = mounts
    .find((m) => m.get("mountPath").text() === folder)
    ?.get("name")
    .text();
  const volumes = own.flatMap((pod) => pod.get("spec", "volumes").items());
  return volumes
    .find((v) => v.get("name").text() === mount)
    ?.get("secret", "secretName")
    .text();
}

const KINDS = ["httpRoute", "http2Route", "grpcRoute"] as const;

/** What a gateway's route does: what the virtual service does that it leads to, if only it leads there. */
function gatewayEntries({ spec, namespace }: Item, mesh: AppMesh): GatewayEntry[] {
  spec.get("awsName").accept();
  spec.get("meshRef").accept();
  spec.get("priority").number();
  return KINDS.flatMap((kind) => {
    const route = spec.get(kind);
    if (!route.there) return [];
    const host = hostMatch(route.get("match", "hostname"));
    const match = matchOf(route.get("match"), kind);
    const key = reference(route.get("action", "target", "virtualService", "virtualServiceRef"), namespace);
    const service = mesh.services.get(key ?? "");
    const action = service === undefined ? undefined : actionOf(service, route, mesh);
    if (host === undefined || match === undefined || service === undefined || action === undefined) {
      route.lose({ message: "a route whose match or virtual service an intent cannot say is left out" });
      return [];
    }
    const rewrite =
      kind === "grpcRoute"
        ? undefined
        : rewriteOf(route.get("action", "rewrite"), { path: match.path, host: hostOf(service) });
    route.get("action", "rewrite", "hostname", "defaultTargetHostname").text();
    return [
      {
        host,
        grpc: kind === "grpcRoute",
        path: match.path,
        match: match.match,
        where: `${host} ${match.port}`,
        action: { ...action, ...present({ rewrite }) },
      },
    ];
  });
}

function hostMatch(field: Field): string | undefined {
  if (!field.there) return "*";
  const exact = field.get("exact").text();
  const suffix = field.get("suffix").text();
  const host = exact ?? (suffix?.startsWith(".") === true ? `*${suffix}` : undefined);
  return host !== undefined && isHost(host) ? host : undefined;
}

function actionOf(service: Item, route: Field, mesh: AppMesh): Action | undefined {
  const called = mesh.called.get(keyOf(service));
  route.get("action", "target", "port").number();
  if (called !== undefined) {
    return { backends: [{ service: called.key, weight: 1, at: route.at }], mirrors: [], at: route.at };
  }
  // A virtual service that nobody else calls: what its router does is what the gateway's rule does.
  const router = mesh.routers.get(
    reference(service.spec.get("provider", "virtualRouter", "virtualRouterRef"), service.namespace) ?? "",
  );
  const [only, second] = router === undefined ? [] : routerEntries(router, mesh);
  if (only === undefined || second !== undefined || !only.plain) return undefined;
  return { ...only.action, at: route.at };
}

/** App Mesh gives requests the virtual service's name and takes the matched prefix off, unless told not to. */
function rewriteOf(field: Field, { path, host }: { path: CharPath; host: string }): Rewrite | undefined {
  const keepsHost = field.get("hostname", "defaultTargetHostname").text() === "DISABLED";
  const keepsPrefix = field.get("prefix", "defaultPrefix").text() === "DISABLED";
  const value = field.get("prefix", "value").text();
  const whole = field.get("path", "exact").text();
  const byPrefix = path.kind === "prefix" && (path.value !== "/" || value !== undefined);
  const change =
    whole !== undefined
      ? { kind: "full" as const, value: whole }
      : byPrefix && !keepsPrefix
        ? { kind: "prefix" as const, value: value ?? "/" }
        : undefined;
  const parts = present({ host: keepsHost || !isHost(host) ? undefined : host, path: change });
  return Object.keys(parts).length === 0 ? undefined : parts;
}

function addRoutes(
  gateway: string,
  host: string,
  { entries, mesh }: { entries: readonly GatewayEntry[]; mesh: AppMesh },
): void {
  const target = { kind: "gateway" as const, gateway, hosts: [host] };
  const own = entries.filter((entry) => entry.host === host);
  const rulesOf = (grpc: boolean): RouteRule[] =>
    fromFirstMatch(
      fromCharPrefixes(
        own.filter((entry) => entry.grpc === grpc),
        grpc,
      ),
      mesh.draft.losses,
    );
  const at = own[0]?.action.at ?? [];
  const said = [
    ...byProtocol(rulesOf(false), { http: true, grpc: false }, mesh.draft),
    ...byProtocol(rulesOf(true), { http: false, grpc: true }, mesh.draft),
  ];
  for (const route of said) {
    if (route.rules.length === 0) continue;
    mesh.draft.routes.push(
      route.kind === "grpc"
        ? { kind: "grpc", for: target, rules: route.rules, at }
        : { kind: "http", for: target, rules: route.rules, at },
    );
  }
}
