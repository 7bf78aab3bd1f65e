import { isDnsLabel, isHost, isPort } from "../../../lib";
import type { Gateway, Listener } from "../../intent/types";
import { exposureOf as serviceExposure, isInternal, saysInternal } from "../exposure";
import type { Field } from "../field";
import type { Item, Manifests } from "../manifests";
import { admissionOf } from "./admission";
import type { NamedListener } from "./attachment";
import { GROUP, type RouteContext } from "./parents";

/** Gateways of this class carry the mesh's own traffic; an intent has none. */
const WAYPOINT = "istio-waypoint";

export function readGateways(manifests: Manifests, context: RouteContext): void {
  for (const item of manifests.take(GROUP, "Gateway")) {
    if (item.spec.get("gatewayClassName").text() === WAYPOINT) {
      item.spec.accept();
      context.draft.waypoints.add(`${item.namespace}/${item.name}`);
    } else readGateway(item, { ...context, manifests, services: manifests.take("", "Service") });
  }
}

type GatewayContext = RouteContext & { readonly manifests: Manifests; readonly services: readonly Item[] };

function readGateway(item: Item, context: GatewayContext): void {
  const { draft, dialect, gateways, services } = context;
  const { spec, namespace } = item;
  const plain = (dialect.gatewayName?.(item.name) ?? item.name).replaceAll(".", "-");
  const name = [plain, `${namespace}-${plain}`].filter(isDnsLabel).find((n) => !draft.gateways.has(n));
  const listeners = spec
    .get("listeners")
    .items()
    .flatMap((field) =>
      listenerOf(field).map((listener): NamedListener => {
        const name = field.get("name").text() ?? "";
        return { name, listener, admits: admissionOf(field, item, context) };
      }),
    );
  if (name === undefined || listeners.length === 0) {
    spec.lose({ message: "a gateway without a name or a listener that an intent can say" });
    return;
  }
  gateways.set(`${namespace}/${item.name}`, { name, listeners });
  const before = services.find((service) => isBefore(service, item));
  if (before === undefined)
    spec.get("addresses").lose({ message: "which address a gateway has is not said in an intent" });
  else spec.get("addresses").accept();
  draft.gateways.set(name, {
    name,
    namespace,
    // As Istio and others label the pods that they run for a Gateway, where nobody else runs them.
    selector: before?.spec.get("selector").textMap() ?? {
      "gateway.networking.k8s.io/gateway-name": item.name,
    },
    listeners: listeners.map(({ listener }) => listener),
    exposure: before === undefined ? (dialect.exposure?.(item) ?? exposureOf(item)) : serviceExposure(before),
    at: item.root.at,
  });
}

/** Whether a Gateway names a Service as its address, by which its pods are found. */
function isBefore(service: Item, { spec }: Item): boolean {
  const host = `${service.name}.${service.namespace}.svc`;
  return spec
    .get("addresses")
    .items()
    .some((address) => address.get("value").text()?.startsWith(host) === true);
}

const TYPE = "networking.istio.io/service-type";

/** What annotations of the gateway's Service make of it; public where they say nothing. */
function exposureOf({ annotations, spec }: Item): Gateway["exposure"] {
  const infrastructure = spec.get("infrastructure", "annotations");
  const type = infrastructure.get(TYPE).text() ?? annotations.get(TYPE).text();
  tellOthers(infrastructure);
  if (type === "ClusterIP") return "cluster";
  return isInternal(annotations) || isInternal(infrastructure) ? "internal" : "public";
}

/** What annotations of a gateway's Service say beside how it is reached. */
function tellOthers(annotations: Field): void {
  for (const [key, field] of annotations.entries()) {
    if (key === TYPE || saysInternal(key)) continue;
    field.lose({
      message: "what a gateway's Service is annotated with is its mesh's business, not an intent's",
    });
  }
}

function listenerOf(field: Field): Listener[] {
  const hostname = field.get("hostname").text() ?? "*";
  const port = field.get("port").number();
  const protocol = protocolOf(field);
  if (port === undefined || !isPort(port) || protocol === undefined || !isHost(hostname)) {
    field.lose({ message: "a listener of this kind has no place in an intent" });
    return [];
  }
  const secret = protocol === "https" ? secretOf(field) : undefined;
  if (protocol === "https" && secret === undefined) {
    field.lose({ message: "an https listener needs the Secret of its certificate" });
    return [];
  }
  return [
    {
      port,
      protocol,
      hosts: [hostname],
      ...(secret === undefined ? {} : { tlsSecret: secret }),
      at: field.at,
    },
  ];
}

function secretOf(field: Field): string | undefined {
  const [first, ...others] = field.get("tls", "certificateRefs").items();
  for (const other of others) other.lose({ message: "a listener has one certificate, in an intent" });
  first?.get("group").acceptIf("");
  first?.get("kind").acceptIf("Secret");
  const namespace = first?.get("namespace");
  namespace?.lose({ message: "a listener's certificate is in its gateway's namespace, in an intent" });
  return first?.get("name").text();
}

function protocolOf(field: Field): Listener["protocol"] | undefined {
  const mode = field.get("tls", "mode").text() ?? "Terminate";
  switch (field.get("protocol").text()) {
    case "HTTP":
      return grpcOnly(field) ? "grpc" : "http";
    case "HTTPS":
      return mode === "Terminate" ? "https" : undefined;
    case "TLS":
      return mode === "Passthrough" ? "tls" : undefined;
    case "TCP":
      return "tcp";
    default:
      return undefined;
  }
}

function grpcOnly(field: Field): boolean {
  const kinds = field
    .get("allowedRoutes", "kinds")
    .items()
    .map((kind) => kind.get("kind").text());
  return kinds.length > 0 && kinds.every((kind) => kind === "GRPCRoute");
}
