import type { JsonObject } from "../../../lib";
import type { Gateway, Listener } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { LISTENER_CERTIFICATES, podPort } from "./gateways";
import { awsName } from "./model";
import { gatewayRelease } from "./names";
import { proxyEnvironment } from "./proxies";
import type { Site } from "./site";

/** The label by which a gateway's pods are known. */
export function gatewayLabels(gateway: string): { readonly [label: string]: string } {
  return { app: gatewayRelease(gateway) };
}

/** A gateway's proxies in Kubernetes, and how they are reached. App Mesh brings no chart for them. */
export function gatewayPods(gateway: Gateway, site: Site): KubeObject[] {
  const name = gatewayRelease(gateway.name);
  const { gatewayNamespace: namespace } = site.options;
  const labels = gatewayLabels(gateway.name);
  return [
    kubeObject({ apiVersion: "v1", kind: "ServiceAccount", name, namespace }),
    kubeObject({
      apiVersion: "v1",
      kind: "Service",
      name,
      namespace,
      ...annotationsOf(gateway, site),
      spec: {
        type: gateway.exposure === "cluster" || !site.cluster.loadBalancer ? "ClusterIP" : "LoadBalancer",
        selector: labels,
        ports: ports(gateway).map(({ port, protocol }) => ({
          name: `${protocol}-${port}`,
          port,
          targetPort: podPort(port),
          protocol: "TCP",
        })),
      },
    }),
    kubeObject({
      apiVersion: "apps/v1",
      kind: "Deployment",
      name,
      namespace,
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: podSpec(gateway, site) },
      },
    }),
  ];
}

function annotationsOf(
  { exposure }: Gateway,
  { cluster }: Site,
): { annotations?: { [key: string]: string } } {
  return exposure === "internal" ? { annotations: { ...cluster.internalLoadBalancer } } : {};
}

function ports({ listeners }: Gateway): Listener[] {
  return listeners.filter((l, i) => listeners.findIndex((other) => other.port === l.port) === i);
}

/** The user that App Mesh's images run the proxy as. */
const PROXY_USER = 1337;

function podSpec(gateway: Gateway, site: Site): JsonObject {
  const volumes = volumesOf(gateway, site);
  const place = { name: gateway.name, namespace: site.options.gatewayNamespace };
  const environment = proxyEnvironment(`virtualGateway/${awsName(place)}`, site);
  return {
    serviceAccountName: gatewayRelease(gateway.name),
    securityContext: { fsGroup: PROXY_USER },
    containers: [
      {
        name: "envoy",
        image: site.options.images.envoy,
        securityContext: { runAsUser: PROXY_USER },
        ports: ports(gateway).map(({ port }) => ({ containerPort: podPort(port) })),
        env: Object.entries(environment).map(([name, value]) => ({ name, value })),
        ...(volumes.length === 0 ? {} : { volumeMounts: volumes.map((v) => v.mount) }),
      },
    ],
    ...(volumes.length === 0 ? {} : { volumes: volumes.map((v) => v.volume) }),
  };
}

interface Mounted {
  readonly volume: JsonObject;
  readonly mount: JsonObject;
}

/** The certificates of its listeners, and its own for calling services. */
function volumesOf({ listeners }: Gateway, { options }: Site): Mounted[] {
  const { tls, gatewayCertificates } = options;
  const secrets = new Set(listeners.flatMap((l) => (l.tlsSecret === undefined ? [] : [l.tlsSecret])));
  const served = [...secrets]
    .filter((secret) => gatewayCertificates[secret] === undefined)
    .sort()
    .map((secret, i) => mounted(`listener-${i}`, { secret, path: `${LISTENER_CERTIFICATES}/${secret}` }));
  if (tls?.kind === "file" && tls.secret !== undefined) {
    return [...served, mounted("mesh-certificate", { secret: tls.secret, path: tls.directory })];
  }
  return tls?.kind === "sds" ? [...served, SDS_SOCKET] : served;
}

function mounted(name: string, { secret, path }: { secret: string; path: string }): Mounted {
  return {
    volume: { name, secret: { secretName: secret } },
    mount: { name, mountPath: path, readOnly: true },
  };
}

/** Where SPIRE's agent listens on each node by default, and where App Mesh's proxies look for it. */
const SDS_SOCKET: Mounted = {
  volume: { name: "sds-socket", hostPath: { path: "/run/spire/sockets/agent.sock", type: "Socket" } },
  mount: { name: "sds-socket", mountPath: "/tmp/agent.sock" },
};
