import { errorAt, type Diagnostic, type FieldPath, type JsonObject } from "../../../lib";
import { kubeObject } from "../../plan/objects";
import type { KubeObject } from "../../plan/types";
import { SYSTEM_NAMESPACE } from "./names";
import type { KeyPair } from "./options";
import type { Site } from "./site";

/** The Linkerd charts' names for the Secrets that they read. */
const ISSUER_SECRET = "linkerd-identity-issuer";
const TRUST_ROOTS = "linkerd-identity-trust-roots";

/** The webhooks by their sections of the chart's values, with the Services that answer for them. */
export const WEBHOOKS = {
  proxyInjector: "linkerd-proxy-injector",
  profileValidator: "linkerd-sp-validator",
  policyValidator: "linkerd-policy-validator",
} as const;

type Webhook = keyof typeof WEBHOOKS;
const webhookNames = Object.keys(WEBHOOKS) as readonly Webhook[];

/**
 * The trust anchors, the issuer, and the webhooks' certificates, as far as the cluster does not have them already. The
 * charts only name them: their values hold no keys, and no render makes new certificates.
 */
export function certificates({ intent, options }: Site): KubeObject[] {
  const { ca, trustDomain } = intent.mtls;
  const { trustAnchors, issuer } = options.identity;
  const anchors = trustAnchors === undefined ? [] : [trustRoots(trustAnchors as string | JsonObject)];
  if (ca.kind === "cert-manager")
    return [...anchors, identityCertificate(ca.issuer, trustDomain), ...webhookObjects(options)];
  return [
    ...anchors,
    ...(issuer === undefined ? [] : [tlsSecret(ISSUER_SECRET, issuer)]),
    ...webhookObjects(options),
  ];
}

function webhookObjects({ webhooks }: Site["options"]): KubeObject[] {
  if (webhooks === undefined) return [];
  if (webhooks.kind === "cert-manager") {
    const { issuer, issuerKind } = webhooks;
    return webhookNames.map((name) => webhookCertificate(WEBHOOKS[name], { issuer, issuerKind }));
  }
  const pairs = webhooks.certificates;
  if (pairs === undefined) return [];
  return webhookNames.map((name) => tlsSecret(webhookSecret(WEBHOOKS[name]), pairs[name]));
}

function webhookSecret(service: string): string {
  return `${service}-k8s-tls`;
}

/** The values by which the chart finds each webhook's certificate, and the API server the CA that signed it. */
export function webhookValues({ options }: Site): JsonObject {
  const { webhooks } = options;
  if (webhooks === undefined) return {};
  return Object.fromEntries(
    webhookNames.map((name) => [
      name,
      webhooks.kind === "cert-manager"
        ? { externalSecret: true, injectCaFrom: `${SYSTEM_NAMESPACE}/${WEBHOOKS[name]}` }
        : { externalSecret: true, caBundle: webhooks.caBundle },
    ]),
  );
}

function trustRoots(anchors: string | JsonObject): KubeObject {
  const object = kubeObject({
    apiVersion: "v1",
    kind: "ConfigMap",
    name: TRUST_ROOTS,
    namespace: SYSTEM_NAMESPACE,
  });
  return { ...object, data: { "ca-bundle.crt": anchors } };
}

function tlsSecret(name: string, { certificate, key }: KeyPair): KubeObject {
  const object = kubeObject({ apiVersion: "v1", kind: "Secret", name, namespace: SYSTEM_NAMESPACE });
  return {
    ...object,
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": { ...certificate }, "tls.key": { ...key } },
  };
}

/** The intermediate that signs the proxies' certificates, renewed long before it ends. */
function identityCertificate(issuer: string, trustDomain: string): KubeObject {
  const name = `identity.${SYSTEM_NAMESPACE}.${trustDomain}`;
  return certificate(ISSUER_SECRET, {
    secretName: ISSUER_SECRET,
    isCA: true,
    commonName: name,
    dnsNames: [name],
    duration: "48h0m0s",
    renewBefore: "25h0m0s",
    privateKey: { algorithm: "ECDSA", rotationPolicy: "Always" },
    usages: ["cert sign", "crl sign", "server auth", "client auth"],
    issuerRef: { group: "cert-manager.io", kind: "ClusterIssuer", name: issuer },
  });
}

function webhookCertificate(
  service: string,
  { issuer, issuerKind }: { readonly issuer: string; readonly issuerKind: string },
): KubeObject {
  const name = `${service}.${SYSTEM_NAMESPACE}.svc`;
  return certificate(service, {
    secretName: webhookSecret(service),
    isCA: false,
    commonName: name,
    dnsNames: [name],
    duration: "24h0m0s",
    renewBefore: "1h0m0s",
    privateKey: { algorithm: "ECDSA", encoding: "PKCS8", rotationPolicy: "Always" },
    usages: ["server auth"],
    issuerRef: { group: "cert-manager.io", kind: issuerKind, name: issuer },
  });
}

function certificate(name: string, spec: JsonObject): KubeObject {
  return kubeObject({
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    name,
    namespace: SYSTEM_NAMESPACE,
    spec,
  });
}

/** Certificates that nobody gives. */
export function certificateFaults({ options }: Site, at: FieldPath): Diagnostic[] {
  if (options.webhooks !== undefined) return [];
  return [
    errorAt([...at, "webhooks"], {
      code: "missing-key",
      message:
        "nothing says where the certificates of Linkerd's webhooks come from, and its chart would make new ones on every render",
      hint: "webhooks: { certManager: { issuer: … } }, or { caBundle: … } of the CA that signed those in the cluster",
    }),
  ];
}
