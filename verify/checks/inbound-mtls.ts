import { chainsOf, downstreamTls, inboundListeners, isBlackHole, portOf } from "../envoy/chains";
import { group, listed } from "../group";
import { modeOf } from "../expect/workloads";
import { weakening } from "../expect/peer-authentication";
import type { Expected, Finding, Observed, Outcome } from "../types";
import type { FilterChain, ProxyConfig, TlsContext } from "../xds/types";

/**
 * Every way into a pod demands a client certificate that the mesh's own root has signed, wherever the intent says
 * strict. Ways in are all filter chains of all inbound listeners, those for ports that no Service names included.
 */
export function inboundMtls(observed: Observed, expected: Expected): Outcome {
  const sidecars = observed.proxies.filter((proxy) => proxy.role === "sidecar");
  const ways = sidecars.flatMap((proxy) =>
    inboundListeners(proxy)
      .flatMap(chainsOf)
      .filter((chain) => !isBlackHole(chain))
      .map((chain) => ({ proxy, chain, fault: faultOf(chain, proxy, expected) })),
  );
  const closed = sidecars.filter((proxy) => !ways.some((way) => way.proxy === proxy));
  const open = ways.flatMap((way) => (way.fault === undefined ? [] : [{ ...way, fault: way.fault }]));
  const perPod = [...group(open, (way) => `${podOf(way.proxy)} ${way.fault}`).values()];
  return {
    figures: { sidecars: sidecars.length, "ways in": ways.length, "open ways": open.length },
    findings: [
      ...closed.map((proxy) => ({ where: podOf(proxy), message: "its proxy has no inbound listener" })),
      ...perPod.map((of) => describe(of, observed, expected)),
    ],
  };
}

function faultOf(chain: FilterChain, proxy: ProxyConfig, expected: Expected): string | undefined {
  if (modeOf(expected.intent, proxy, portOf(chain)) === "permissive") return undefined;
  return weakness(downstreamTls(chain), expected);
}

function weakness(tls: TlsContext | undefined, expected: Expected): string | undefined {
  if (tls === undefined) return "accepts plaintext";
  if (tls.requireClientCertificate?.value !== true) return "accepts TLS without a client certificate";
  const common = tls.commonTlsContext;
  const combined = common?.combinedValidationContext;
  if (
    combined?.validationContextSdsSecretConfig === undefined &&
    common?.validationContextSdsSecretConfig === undefined
  ) {
    return "does not say which root must have signed a client's certificate";
  }
  const domain = `spiffe://${expected.intent.mtls.trustDomain}/`;
  const names = combined?.defaultValidationContext?.matchSubjectAltNames ?? [];
  const foreign = names.filter((name) => !(name.exact ?? name.prefix ?? "").startsWith(domain));
  return foreign.length > 0
    ? `accepts certificates from outside the trust domain ${expected.intent.mtls.trustDomain}`
    : undefined;
}

interface OpenWay {
  readonly proxy: ProxyConfig;
  readonly chain: FilterChain;
  readonly fault: string;
}

function describe(ways: readonly [OpenWay, ...OpenWay[]], observed: Observed, expected: Expected): Finding {
  const [{ proxy, fault }] = ways;
  const ports = ways
    .map(({ chain }) => portOf(chain))
    .map((port) => (port === undefined ? "ports without a Service" : `port ${port}`));
  const culprits = observed.peerAuthentications.filter((object) => weakening(object, proxy, expected));
  const names = culprits.map(
    (object) => `PeerAuthentication ${object.metadata.namespace}/${object.metadata.name}`,
  );
  return {
    where: podOf(proxy),
    message: `it ${fault} on ${listed(ports)}, though the intent says strict${names.length > 0 ? `: ${listed(names)}` : ""}`,
    ...(names.length > 0 && { hint: "delete it, or make it an entry of mtls.overrides in the intent" }),
  };
}

function podOf(proxy: ProxyConfig): string {
  return `${proxy.namespace}/${proxy.pod}`;
}
