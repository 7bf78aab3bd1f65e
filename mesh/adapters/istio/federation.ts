import { errorAt, type Diagnostic, type FieldPath, type JsonObject } from "../../../lib";
import type { NormalizedIntent } from "../../intent/types";
import { kubeObject, MANAGER } from "../../plan/objects";
import type { FeatureRequest, KubeObject, Step } from "../../plan/types";
import type { ClusterFeatures } from "../../types";
import { chartStep } from "./chart";
import { ROOT_NAMESPACE } from "./names";
import type { IstioOptions } from "./options";
import { policy } from "./security/objects";
import { resourceValues } from "./values";

/** Between clusters traffic enters through a gateway of its own, still encrypted, told by the name that it asks for. */
const RELEASE = "eastwest-gateway";
const SELECTOR = { istio: "eastwestgateway" };
const PORT = 15443;

interface Member {
  /** Which of the clusters this is; it names its network too. */
  readonly name: string;
  readonly others: readonly string[];
}

/** This cluster's place in the federation; undefined where there is none. */
export function memberOf({ federation }: NormalizedIntent, { cluster }: IstioOptions): Member | undefined {
  if (federation === undefined || cluster === undefined) return undefined;
  return { name: cluster, others: federation.clusters.filter((other) => other !== cluster) };
}

/** What the control plane has to know: `global` values of its chart. */
export function memberValues(member: Member | undefined, { mtls }: NormalizedIntent): JsonObject {
  if (member === undefined) return {};
  const { name } = member;
  return { meshID: mtls.trustDomain, network: name, multiCluster: { clusterName: name } };
}

/** The gateway that the other clusters' proxies come in through. */
export function memberGateway(
  member: Member | undefined,
  { options, cluster }: { options: IstioOptions; cluster: ClusterFeatures },
): Step[] {
  if (member === undefined) return [];
  const values: JsonObject = {
    networkGateway: member.name,
    labels: { app: RELEASE, ...SELECTOR },
    service: { type: "LoadBalancer", annotations: cluster.internalLoadBalancer ?? {} },
    autoscaling: { enabled: false },
    replicaCount: options.profile === "ha" ? 2 : 1,
    resources: resourceValues(options.resources.gateway),
  };
  const { version, charts: source, gatewayNamespace: namespace } = options;
  return [
    chartStep({ chart: "gateway", version, source, release: RELEASE, namespace, values }, ["security"]),
  ];
}

/** It has to be reached from the other clusters: internally where this one can. */
export function memberFeatures(
  member: Member | undefined,
  { internalLoadBalancer }: ClusterFeatures,
): FeatureRequest[] {
  if (member === undefined) return [];
  return [{ kind: "loadBalancer", exposure: internalLoadBalancer === undefined ? "public" : "internal" }];
}

/** What that gateway lets in, and how the other clusters are looked into: by kubeconfigs given at deploy time. */
export function memberObjects(
  member: Member | undefined,
  { options, intent }: { options: IstioOptions; intent: NormalizedIntent },
): KubeObject[] {
  if (member === undefined) return [];
  const place = { name: RELEASE, namespace: options.gatewayNamespace };
  const gateway = kubeObject({
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    ...place,
    spec: {
      selector: SELECTOR,
      servers: [
        {
          port: { name: "tls", number: PORT, protocol: "TLS" },
          hosts: ["*.local"],
          tls: { mode: "AUTO_PASSTHROUGH" },
        },
      ],
    },
  });
  // Nobody can be told apart here: the connections are read by the services behind, which have policies of their own.
  const admission = policy({
    name: `${RELEASE}-allow`,
    namespace: options.gatewayNamespace,
    spec: {
      selector: { matchLabels: SELECTOR },
      action: "ALLOW",
      rules: [{ to: [{ operation: { ports: [String(PORT)] } }] }],
    },
  });
  return [
    gateway,
    ...(intent.authorization.default === "deny" ? [admission] : []),
    ...member.others.map(remoteSecret),
    ...absentServices(member, intent),
  ];
}

function remoteSecret(cluster: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `istio-remote-secret-${cluster}`,
      namespace: ROOT_NAMESPACE,
      labels: { "app.kubernetes.io/managed-by": MANAGER, "istio/multiCluster": "true" },
      annotations: { "networking.istio.io/cluster": cluster },
    },
    type: "Opaque",
    stringData: { [cluster]: { $ref: `kubeconfig-${cluster}`, secret: true } },
  };
}

/** Services that are deployed elsewhere only: without an object here nobody could resolve their names. */
function absentServices({ name: here }: Member, { services }: NormalizedIntent): KubeObject[] {
  return services
    .filter(({ clusters }) => clusters.length > 0 && !clusters.includes(here))
    .map(({ name, namespace, selector, ports }) =>
      kubeObject({
        apiVersion: "v1",
        kind: "Service",
        name,
        namespace,
        spec: {
          selector,
          ports: ports.map(({ port, targetPort, protocol }) => ({
            name: `${protocol}-${port}`,
            port,
            targetPort,
            protocol: "TCP",
            appProtocol: protocol,
          })),
        },
      }),
    );
}

/** What keeps this cluster from being one of the federation's. */
export function federationFaults(
  { federation }: NormalizedIntent,
  { options, cluster, at }: { options: IstioOptions; cluster: ClusterFeatures; at: FieldPath },
): Diagnostic[] {
  if (federation === undefined || options.cluster === undefined) return [];
  const { trust, clusters } = federation;
  return [
    ...(clusters.includes(options.cluster)
      ? []
      : [
          errorAt([...at, "cluster"], {
            code: "unknown-cluster",
            message: `the federation has no cluster ${options.cluster}`,
            hint: `one of ${clusters.join(", ")}`,
          }),
        ]),
    ...(cluster.loadBalancer
      ? []
      : [
          errorAt([...at, "cluster"], {
            code: "unsupported-exposure",
            message: "the other clusters could not reach this one: it has no load balancers",
            hint: "use a cluster that has them",
          }),
        ]),
    ...(trust === "shared-root"
      ? []
      : [
          errorAt([...federation.at, "trust"], {
            code: "unsupported-trust",
            message: "clusters of one Istio trust each other by one root",
            hint: "trust: shared-root, and mtls: { ca: { kind: shared-root, secret: cacerts } }",
          }),
        ]),
  ];
}
