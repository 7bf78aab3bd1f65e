import { byText, type JsonObject } from "../../../../lib";
import type { Gateway, Listener } from "../../../intent/types";
import { kubeObject } from "../../../plan/objects";
import type { FeatureRequest, KubeObject } from "../../../plan/types";
import type { ClusterFeatures } from "../../../types";
import { resourceValues } from "../install";
import { gatewayName } from "../names";
import type { Site } from "../site";

export const GATEWAY_API = "gateway.networking.k8s.io";
/** Proxies are not root: what is offered below 1024 is listened to above. */
const PRIVILEGED_PORTS = 8000;

/** A class for each exposure that is asked for, and the gateways, whose proxies Consul makes itself. */
export function gatewayObjects(site: Site, cluster: ClusterFeatures): KubeObject[] {
  const { gateways } = site.intent;
  const exposures = [...new Set(gateways.map((g) => g.exposure))].sort(byText);
  return [
    ...exposures.flatMap((exposure) => gatewayClass(exposure, { site, cluster })),
    ...gateways.map((gateway) => gatewayObject(gateway, { site, cluster })),
  ];
}

interface Surroundings {
  readonly site: Site;
  readonly cluster: ClusterFeatures;
}

function className(exposure: Gateway["exposure"]): string {
  return `consul-${exposure}`;
}

function gatewayClass(exposure: Gateway["exposure"], { site, cluster }: Surroundings): KubeObject[] {
  const { profile, resources } = site.options;
  const name = className(exposure);
  const instances = profile === "ha" ? 2 : 1;
  const annotations = Object.keys(annotationsOf(exposure, cluster));
  const config = kubeObject({
    apiVersion: "consul.hashicorp.com/v1alpha1",
    kind: "GatewayClassConfig",
    name,
    spec: {
      serviceType: serviceType(exposure, cluster),
      mapPrivilegedContainerPorts: PRIVILEGED_PORTS,
      deployment: {
        defaultInstances: instances,
        minInstances: instances,
        maxInstances: instances * 2,
        resources: resourceValues(resources.gateway),
      },
      ...(annotations.length === 0 ? {} : { copyAnnotations: { service: annotations } }),
    },
  });
  const parametersRef = { group: "consul.hashicorp.com", kind: "GatewayClassConfig", name };
  const spec = { controllerName: "consul.hashicorp.com/gateway-controller", parametersRef };
  return [config, kubeObject({ apiVersion: `${GATEWAY_API}/v1`, kind: "GatewayClass", name, spec })];
}

function serviceType(exposure: Gateway["exposure"], cluster: ClusterFeatures): string {
  if (exposure === "cluster") return "ClusterIP";
  return exposure === "internal" || cluster.loadBalancer ? "LoadBalancer" : "NodePort";
}

function annotationsOf(
  exposure: Gateway["exposure"],
  cluster: ClusterFeatures,
): { readonly [key: string]: string } {
  return exposure === "internal" ? (cluster.internalLoadBalancer ?? {}) : {};
}

function gatewayObject({ name, exposure, listeners }: Gateway, { site, cluster }: Surroundings): KubeObject {
  const annotations = annotationsOf(exposure, cluster);
  return kubeObject({
    apiVersion: `${GATEWAY_API}/v1`,
    kind: "Gateway",
    name: gatewayName(name),
    namespace: site.options.gatewayNamespace,
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    spec: { gatewayClassName: className(exposure), listeners: listeners.flatMap(listenersOf) },
  });
}

/** The Gateway API's listeners have one host each. */
function listenersOf({ port, protocol, hosts, tlsSecret }: Listener, index: number): JsonObject[] {
  const names = hosts.length === 0 ? ["*"] : hosts;
  return names.map((host, i) => ({
    name: `${protocol}-${port}-${index}-${i}`,
    port,
    protocol: protocol.toUpperCase(),
    ...(host === "*" ? {} : { hostname: host }),
    allowedRoutes: { namespaces: { from: "Same" } },
    ...(tlsSecret === undefined
      ? {}
      : { tls: { mode: "Terminate", certificateRefs: [{ group: "", kind: "Secret", name: tlsSecret }] } }),
  }));
}

/** What gateways ask of the cluster. */
export function gatewayFeatures({ intent }: Site, cluster: ClusterFeatures): FeatureRequest[] {
  if (intent.gateways.length === 0) return [];
  const exposures = new Set(intent.gateways.map((g) => g.exposure));
  const balancers = (["internal", "public"] as const)
    .filter((e) => exposures.has(e) && (e === "internal" || cluster.loadBalancer))
    .map((exposure) => ({ kind: "loadBalancer" as const, exposure }));
  return [{ kind: "gatewayApi", channel: "standard" }, ...balancers];
}
