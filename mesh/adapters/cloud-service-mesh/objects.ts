import { byText, canonical, isJsonObject, type JsonObject } from "../../../lib";
import type { Egress, JwtProvider, NormalizedIntent, Telemetry } from "../../intent/types";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { ROOT_NAMESPACE } from "./names";

const NETWORKING = "networking.istio.io/v1";

/** What lies outside the mesh is open or shut by a Sidecar: this mesh's MeshConfig says it by allowlist only. */
export function egressPolicy(egress: Egress | undefined): KubeObject[] {
  if (egress === undefined) return [];
  const mode = egress.default === "deny" ? "REGISTRY_ONLY" : "ALLOW_ANY";
  return [
    kubeObject({
      apiVersion: NETWORKING,
      kind: "Sidecar",
      name: "default",
      namespace: ROOT_NAMESPACE,
      spec: { egress: [{ hosts: ["*/*"] }], outboundTrafficPolicy: { mode } },
    }),
  ];
}

/** Logs of Envoy's own kind in place of those that Google's operations suite gets by default. */
export function accessLogs(telemetry: Telemetry | undefined): KubeObject[] {
  if (telemetry?.accessLogs === undefined) return [];
  const disabled = telemetry.accessLogs === "off";
  const accessLogging: JsonObject[] = [
    { providers: [{ name: "envoy" }], disabled },
    { providers: [{ name: "stackdriver" }], disabled: true },
  ];
  return [
    kubeObject({
      apiVersion: "telemetry.istio.io/v1",
      kind: "Telemetry",
      name: "mesh-default",
      namespace: ROOT_NAMESPACE,
      spec: { accessLogging },
    }),
  ];
}

/**
 * Keys of tokens are fetched by the proxies themselves, which need to know where: an entry for the issuer's host and,
 * for HTTPS, that they speak TLS to it. Both are for the namespaces alone whose services check the tokens.
 */
export function keyServers(intent: NormalizedIntent): KubeObject[] {
  return intent.jwtProviders.flatMap((provider) => {
    const url = keyUrl(provider);
    if (url === undefined) return [];
    return namespacesOf(provider, intent).flatMap((namespace) =>
      keyServer({ name: `jwks-${provider.name}`, namespace }, url),
    );
  });
}

interface KeyUrl {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
}

/** Where a provider's keys are; nothing where they are written down. */
export function keyUrl({ jwksUri }: JwtProvider): KeyUrl | undefined {
  const parts = /^(https?):\/\/([^/:?#]+)(?::(\d+))?/.exec(jwksUri ?? "");
  if (parts === null) return undefined;
  const secure = parts[1] === "https";
  return { secure, host: parts[2] ?? "", port: Number(parts[3] ?? (secure ? 443 : 80)) };
}

function namespacesOf({ name }: JwtProvider, { access, services }: NormalizedIntent): string[] {
  const keys = new Set(access.filter((a) => a.jwt?.provider === name).map((a) => a.to.service));
  return [...new Set(services.filter((s) => keys.has(s.key)).map((s) => s.namespace))].sort(byText);
}

function keyServer(
  place: { readonly name: string; readonly namespace: string },
  { secure, host, port }: KeyUrl,
): KubeObject[] {
  const exportTo = ["."];
  const entry = kubeObject({
    apiVersion: NETWORKING,
    kind: "ServiceEntry",
    ...place,
    spec: {
      hosts: [host],
      location: "MESH_EXTERNAL",
      resolution: "DNS",
      ports: [{ name: "http", number: port, protocol: "HTTP" }],
      exportTo,
    },
  });
  const tls = kubeObject({
    apiVersion: NETWORKING,
    kind: "DestinationRule",
    ...place,
    spec: { host, trafficPolicy: { tls: { mode: "SIMPLE", sni: host } }, exportTo },
  });
  return secure ? [entry, tls] : [entry];
}

/** Without the settings of locality, which Traffic Director does not read: it has its own. */
export function withoutLocality(object: KubeObject): KubeObject {
  const { spec } = object;
  const policy = isJsonObject(spec) ? spec["trafficPolicy"] : undefined;
  const balancer = isJsonObject(policy) ? policy["loadBalancer"] : undefined;
  if (object.kind !== "DestinationRule" || !isJsonObject(spec) || !isJsonObject(policy)) return object;
  if (!isJsonObject(balancer)) return object;
  const kept = Object.fromEntries(Object.entries(balancer).filter(([key]) => key !== "localityLbSetting"));
  const others = Object.fromEntries(Object.entries(policy).filter(([key]) => key !== "loadBalancer"));
  const trafficPolicy = Object.keys(kept).length === 0 ? others : { ...others, loadBalancer: kept };
  return { ...object, spec: canonical({ ...spec, trafficPolicy }) };
}
