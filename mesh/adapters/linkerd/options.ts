import * as v from "valibot";
import { isCidr, type FieldPath, type Result } from "../../../lib";
import type { ChartSource, Ref } from "../../plan/types";
import { nameText, notes, objectNameText, oneOf, parse, serviceKeyText, someOf, text } from "../../schema";
import { chartSource, imageText, ref, resources, sourceOf, type Resources } from "../../schema/install";
import { said } from "../../schema/said";

/** The edge release that is Linkerd 2.20. */
const DEFAULT_VERSION = "edge-26.6.3";

const version = v.pipe(
  text({
    is: (t) => /^edge-(26|27)\.\d{1,2}\.\d{1,2}$/.test(t),
    finding: (t) => ({
      code: "unknown-version",
      message: `${JSON.stringify(t)} is not a version of Linkerd that is known here`,
      hint: `write an edge release, as in ${DEFAULT_VERSION}, which is Linkerd 2.20`,
    }),
  }),
  notes({ description: "Linkerd's edge release.", default: DEFAULT_VERSION }),
);

const pem = text({
  is: (t) => /^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----\s*$/.test(t),
  finding: () => ({
    code: "bad-certificate",
    message: "this is not a certificate in PEM",
    hint: "paste the CA's certificate with its BEGIN and END lines; never its key",
  }),
});

const keyPair = v.object({ certificate: ref, key: ref });

const identity = v.pipe(
  v.object({
    trustAnchors: v.optional(v.union([pem, ref])),
    issuer: v.optional(keyPair),
  }),
  notes({ description: "Who signs the proxies' certificates; what is left out must be in the cluster." }),
);

const webhooks = v.pipe(
  v.object({
    caBundle: v.optional(pem),
    certificates: v.optional(
      v.object({ proxyInjector: keyPair, profileValidator: keyPair, policyValidator: keyPair }),
    ),
    certManager: v.optional(
      v.object({ issuer: objectNameText, kind: v.optional(oneOf(["ClusterIssuer", "Issuer"])) }),
    ),
  }),
  v.check(
    (w) => (w.caBundle === undefined) !== (w.certManager === undefined),
    said({
      code: "not-exactly-one",
      message: "expected exactly one of caBundle, certManager",
      hint: "certManager has cert-manager issue and renew the webhooks' certificates",
    }),
  ),
  v.check(
    (w) => w.certificates === undefined || w.caBundle !== undefined,
    said({ code: "misplaced-key", message: "certificates go with caBundle, and only with it" }),
  ),
  notes({
    description: "The certificates of Linkerd's webhooks, which its charts would make anew each time.",
  }),
);

const cidr = text({
  is: isCidr,
  finding: (t) => ({ code: "bad-cidr", message: `${JSON.stringify(t)} is not a CIDR block` }),
});

const account = v.object({ namespace: nameText, serviceAccount: objectNameText });

const gateways = v.pipe(
  v.object({
    className: objectNameText,
    namespace: v.optional(nameText),
    identity: v.optional(account),
  }),
  notes({ description: "The Gateway API implementation that carries gateways, meshed by Linkerd." }),
);

export const optionsSchema = v.object({
  version: v.optional(version),
  profile: v.optional(v.pipe(oneOf(["minimal", "ha"]), notes({ default: "minimal" }))),
  charts: v.optional(chartSource),
  images: v.optional(
    v.object({ hub: v.optional(imageText), pullSecrets: v.optional(v.array(objectNameText)) }),
  ),
  cni: v.optional(v.boolean()),
  iptablesMode: v.optional(v.pipe(oneOf(["nft", "legacy"]), notes({ default: "nft" }))),
  namespaces: v.optional(v.object({ create: v.optional(v.boolean()) })),
  resources: v.optional(v.object({ controlPlane: v.optional(resources), proxy: v.optional(resources) })),
  identity: v.optional(identity),
  webhooks: v.optional(webhooks),
  scrapers: v.optional(
    v.object({ namespaces: v.optional(someOf(nameText)), ipBlocks: v.optional(someOf(cidr)) }),
  ),
  probes: v.optional(v.record(serviceKeyText, someOf(v.string()))),
  tracing: v.optional(account),
  prometheus: v.optional(
    v.pipe(
      text({
        is: (t) => /^https?:\/\/[^\s@]+$/.test(t),
        finding: (t) => ({
          code: "bad-address",
          message: `${JSON.stringify(t.replace(/\/\/[^/]*@/, "//…@"))} is not an address`,
          hint: "as in http://prometheus.monitoring:9090; credentials do not belong into it",
        }),
      }),
      notes({ description: "The Prometheus that scrapes the proxies, for rollouts to look at." }),
    ),
  ),
  gateways: v.optional(gateways),
});

type WrittenOptions = v.InferOutput<typeof optionsSchema>;

export type Account = v.InferOutput<typeof account>;

export interface KeyPair {
  readonly certificate: Ref;
  readonly key: Ref;
}

/** How the certificates of the three webhooks come about. */
export type Webhooks =
  /** cert-manager issues them. */
  | {
      readonly kind: "cert-manager";
      readonly issuer: string;
      readonly issuerKind: "ClusterIssuer" | "Issuer";
    }
  /** Signed by the CA whose certificate is `caBundle`; without `certificates` their Secrets are in the cluster already. */
  | {
      readonly kind: "given";
      readonly caBundle: string;
      readonly certificates?: {
        readonly proxyInjector: KeyPair;
        readonly profileValidator: KeyPair;
        readonly policyValidator: KeyPair;
      };
    };

/** The options of a Linkerd with their defaults filled in. docs/config.md describes them. */
export interface LinkerdOptions {
  readonly version: string;
  readonly profile: "minimal" | "ha";
  readonly charts: ChartSource;
  readonly images: { readonly hub: string; readonly pullSecrets: readonly string[] };
  readonly cni: boolean;
  readonly iptablesMode: "nft" | "legacy";
  readonly createNamespaces: boolean;
  readonly resources: { readonly controlPlane: Resources; readonly proxy: Resources };
  /** What is absent must be in the control plane's namespace already. */
  readonly identity: { readonly trustAnchors?: string | Ref; readonly issuer?: KeyPair };
  /** Absent where nothing was said, which only a plan objects to. */
  readonly webhooks?: Webhooks;
  /** Who may read the proxies' metrics. */
  readonly scrapers: { readonly namespaces: readonly string[]; readonly ipBlocks: readonly string[] };
  /** Paths of the kubelet's HTTP probes, by service. */
  readonly probes: ReadonlyMap<string, readonly string[]>;
  /** The identity of the collector of traces; absent where it is not in the mesh. */
  readonly tracing?: Account;
  /** Address of the Prometheus that scrapes the proxies. */
  readonly prometheus?: string;
  readonly gateways?: {
    readonly className: string;
    readonly namespace: string;
    /** Of the pods behind the gateways; absent: `<gateway>-<class>` beside each, as the Gateway API suggests. */
    readonly identity?: Account;
  };
}

/** Reads the options of a Linkerd and reports every fault in them. */
export function readOptions(raw: unknown, at: FieldPath): Result<LinkerdOptions> {
  const parsed = parse(optionsSchema, raw ?? {}, at);
  return parsed.ok ? { ...parsed, value: withDefaults(parsed.value) } : parsed;
}

function withDefaults(written: WrittenOptions): LinkerdOptions {
  const { version = DEFAULT_VERSION, profile = "minimal", gateways, tracing, prometheus } = written;
  const webhooks = webhooksOf(written.webhooks);
  return {
    version,
    profile,
    charts: sourceOf(written.charts, { kind: "repository", url: "https://helm.linkerd.io/edge" }),
    images: {
      hub: written.images?.hub ?? "cr.l5d.io/linkerd",
      pullSecrets: written.images?.pullSecrets ?? [],
    },
    cni: written.cni ?? false,
    iptablesMode: written.iptablesMode ?? "nft",
    createNamespaces: written.namespaces?.create ?? true,
    resources: {
      controlPlane: written.resources?.controlPlane ?? RESOURCES[profile].controlPlane,
      proxy: written.resources?.proxy ?? RESOURCES[profile].proxy,
    },
    identity: identityOf(written.identity),
    ...(webhooks === undefined ? {} : { webhooks }),
    scrapers: {
      namespaces: written.scrapers?.namespaces ?? [],
      ipBlocks: written.scrapers?.ipBlocks ?? [],
    },
    probes: new Map(Object.entries(written.probes ?? {})),
    ...(tracing === undefined ? {} : { tracing }),
    ...(prometheus === undefined ? {} : { prometheus }),
    ...(gateways === undefined ? {} : { gateways: gatewaysOf(gateways) }),
  };
}

function identityOf({
  trustAnchors,
  issuer,
}: WrittenOptions["identity"] & {} = {}): LinkerdOptions["identity"] {
  return {
    ...(trustAnchors === undefined ? {} : { trustAnchors }),
    ...(issuer === undefined ? {} : { issuer: secret(issuer) }),
  };
}

/** A pair whose key is kept out of logs and exports. */
function secret({ certificate, key }: v.InferOutput<typeof keyPair>): KeyPair {
  return { certificate, key: { ...key, secret: true } };
}

function webhooksOf(written: WrittenOptions["webhooks"]): Webhooks | undefined {
  if (written === undefined) return undefined;
  const { caBundle = "", certificates, certManager } = written;
  if (certManager !== undefined) {
    return {
      kind: "cert-manager",
      issuer: certManager.issuer,
      issuerKind: certManager.kind ?? "ClusterIssuer",
    };
  }
  if (certificates === undefined) return { kind: "given", caBundle };
  const { proxyInjector, profileValidator, policyValidator } = certificates;
  return {
    kind: "given",
    caBundle,
    certificates: {
      proxyInjector: secret(proxyInjector),
      profileValidator: secret(profileValidator),
      policyValidator: secret(policyValidator),
    },
  };
}

function gatewaysOf({
  className,
  namespace = "gateways",
  identity,
}: WrittenOptions["gateways"] & {}): NonNullable<LinkerdOptions["gateways"]> {
  return { className, namespace, ...(identity === undefined ? {} : { identity }) };
}

const RESOURCES: Readonly<Record<LinkerdOptions["profile"], LinkerdOptions["resources"]>> = {
  minimal: {
    controlPlane: { requests: { cpu: "10m", memory: "50Mi" } },
    proxy: { requests: { cpu: "10m", memory: "20Mi" } },
  },
  ha: {
    controlPlane: { requests: { cpu: "100m", memory: "50Mi" }, limits: { memory: "250Mi" } },
    proxy: { requests: { cpu: "100m", memory: "20Mi" }, limits: { memory: "250Mi" } },
  },
};
