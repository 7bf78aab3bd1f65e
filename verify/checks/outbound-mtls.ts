import { parseCluster, sourceOf } from "../envoy/clusters";
import { principalOf } from "../expect/access";
import type { Service } from "../../mesh/intent/types";
import type { Expected, Finding, Observed, Outcome, PodFacts } from "../types";
import type { Cluster, LoadAssignment, TlsContext } from "../xds/types";

const UPSTREAM_TLS = "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext";

/**
 * Whoever calls a meshed service of the intent does so over mTLS: its cluster has a TLS transport with the workload's
 * own certificate, accepts only the service's identity, and every endpoint with a proxy is marked to be called so.
 */
export function outboundMtls(observed: Observed, expected: Expected): Outcome {
  const findings = new Map<string, Finding>();
  const seen = { clusters: 0, endpoints: 0 };
  for (const proxy of observed.proxies) {
    const endpoints = new Map(proxy.endpoints.map((assignment) => [assignment.clusterName, assignment]));
    for (const cluster of proxy.clusters) {
      const service = serviceOf(cluster, expected);
      if (service === undefined) continue;
      seen.clusters += 1;
      const tls = tlsOf(cluster);
      const where = sourceOf(cluster.metadata) ?? `cluster ${cluster.name ?? ""}`;
      const add = (message: string) => findings.set(`${where} ${message}`, { where, message });
      const fault = transportFault(tls, principalOf(expected, service));
      if (fault !== undefined)
        add(`calls to ${service.key} ${fault} (seen at ${proxy.namespace}/${proxy.pod})`);
      for (const pod of podsOf(
        endpoints.get(cluster.edsClusterConfig?.serviceName ?? cluster.name),
        observed,
      )) {
        seen.endpoints += 1;
        // A cluster without alternatives encrypts whatever its endpoints are marked as.
        if (cluster.transportSocketMatches !== undefined && pod.meshed && !pod.marked)
          add(`calls to ${service.key} reach ${pod.namespace}/${pod.name} in plaintext`);
      }
    }
  }
  const figures = { "clusters checked": seen.clusters, "endpoints checked": seen.endpoints };
  return { figures, findings: onePerService([...findings.values()]) };
}

/** The same fault is seen from every proxy: one of them is enough. */
function onePerService(findings: readonly Finding[]): Finding[] {
  const key = (finding: Finding) => `${finding.where} ${finding.message.replace(/ \(seen at .*\)$/, "")}`;
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}

function serviceOf(cluster: Cluster, expected: Expected): Service | undefined {
  const target = parseCluster(cluster.name ?? "");
  if (target === undefined) return undefined;
  return expected.intent.services.find(
    (s) => s.key === target.service && s.ports.some((p) => p.port === target.port),
  );
}

function tlsOf(cluster: Cluster): TlsContext | undefined {
  const automatic = (cluster.transportSocketMatches ?? []).find(
    (m) => m.match?.fields?.["tlsMode"]?.stringValue === "istio",
  )?.transportSocket;
  const config = (automatic ?? cluster.transportSocket)?.typedConfig;
  return config?.["@type"] === UPSTREAM_TLS ? (config as TlsContext) : undefined;
}

function transportFault(tls: TlsContext | undefined, identity: string): string | undefined {
  if (tls === undefined) return "are not encrypted by the proxy";
  const common = tls.commonTlsContext;
  if ((common?.tlsCertificateSdsSecretConfigs ?? []).length === 0) return "carry no client certificate";
  const names = common?.combinedValidationContext?.defaultValidationContext?.matchSubjectAltNames ?? [];
  if (names.length === 0) return "accept any server of the mesh";
  const foreign = names
    .filter((name) => name.exact !== identity)
    .map((name) => name.exact ?? JSON.stringify(name));
  return foreign.length > 0 ? `accept ${foreign.join(", ")} as the server, not only ${identity}` : undefined;
}

function podsOf(
  assignment: LoadAssignment | undefined,
  observed: Observed,
): (PodFacts & { marked: boolean })[] {
  const endpoints = (assignment?.endpoints ?? []).flatMap((group) => group.lbEndpoints ?? []);
  return endpoints.flatMap((endpoint) => {
    const pod = observed.pods.find((p) => p.ip === endpoint.endpoint?.address?.socketAddress?.address);
    const mark =
      endpoint.metadata?.filterMetadata?.["envoy.transport_socket_match"]?.fields?.["tlsMode"]?.stringValue;
    return pod === undefined ? [] : [{ ...pod, marked: mark === "istio" }];
  });
}
