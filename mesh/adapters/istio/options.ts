import * as v from "valibot";
import type { FieldPath, Result } from "../../../lib";
import type { ChartSource } from "../../plan/types";
import { nameText, notes, objectNameText, oneOf, parse, text } from "../../schema";
import { said } from "../../schema/said";

/** The line of Istio whose charts are bundled, and the version installed when none is named. */
const BUNDLED = /^1\.31\./;
const DEFAULT_VERSION = "1.31.0";
const KNOWN = /^1\.(29|30|31)\.\d+$/;

const version = v.pipe(
  text({
    is: (t) => KNOWN.test(t),
    finding: (t) => ({
      code: "unknown-version",
      message: `${JSON.stringify(t)} is not a version of Istio that is known here`,
      hint: `write all three numbers of a 1.29, 1.30 or 1.31 release, as in ${DEFAULT_VERSION}`,
    }),
  }),
  notes({ description: "Istio's version.", default: DEFAULT_VERSION }),
);

const quantity = text({
  is: (t) => /^\d+(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/.test(t),
  finding: (t) => ({
    code: "bad-quantity",
    message: `${JSON.stringify(t)} is not a quantity`,
    hint: "as Kubernetes takes them: 100m, 2, 256Mi; quote plain numbers",
  }),
});

const amounts = v.object({ cpu: v.optional(quantity), memory: v.optional(quantity) });
const resources = v.object({ requests: v.optional(amounts), limits: v.optional(amounts) });

const reference = (schemes: RegExp, example: string) =>
  text({
    is: (t) => schemes.test(t) && !/[\s@]/.test(t),
    finding: (t) => ({
      code: "bad-address",
      message: `${JSON.stringify(t.replace(/\/\/[^/]*@/, "//…@"))} is not an address of charts`,
      hint: `as in ${example}; credentials do not belong into it: log in with \`helm registry login\` or \`helm repo add\``,
    }),
  });

const charts = v.pipe(
  v.object({
    kind: oneOf(["bundled", "repository", "oci", "folder"]),
    url: v.optional(reference(/^https?:\/\//, "https://charts.example.com/istio")),
    registry: v.optional(reference(/^oci:\/\//, "oci://registry.example.com/charts")),
    path: v.optional(
      v.pipe(v.string(), v.minLength(1, said({ code: "empty", message: "the path is empty" }))),
    ),
  }),
  v.check((c) => (c.kind === "repository") === (c.url !== undefined), misplaced("url", "repository")),
  v.check((c) => (c.kind === "oci") === (c.registry !== undefined), misplaced("registry", "oci")),
  v.check((c) => (c.kind === "folder") === (c.path !== undefined), misplaced("path", "folder")),
  notes({ description: "Where the charts come from: base, istiod, gateway and cni." }),
);

function misplaced(key: string, kind: string): string {
  return said({ code: "misplaced-key", message: `${key} goes with the kind ${kind}, and only with it` });
}

const imageText = text({
  is: (t) => /^[A-Za-z0-9][A-Za-z0-9._:/-]*$/.test(t),
  finding: (t) => ({
    code: "bad-image",
    message: `${JSON.stringify(t)} cannot stand in the name of an image`,
  }),
});

export const optionsSchema = v.object({
  version: v.optional(version),
  mode: v.optional(
    v.pipe(
      oneOf(["sidecar", "ambient"]),
      notes({ description: "A proxy in each pod, or one on each node.", default: "sidecar" }),
    ),
  ),
  waypoints: v.optional(
    v.pipe(
      oneOf(["none", "namespace"]),
      notes({
        description: "Who treats requests in ambient mode: nobody, or a proxy for each namespace.",
        default: "none",
      }),
    ),
  ),
  routes: v.optional(
    v.pipe(
      oneOf(["istio", "gatewayApi"]),
      notes({
        description:
          "The objects that routes become: Istio's own, or the Gateway API's; ambient mode has the latter.",
        default: "istio",
      }),
    ),
  ),
  profile: v.optional(v.pipe(oneOf(["minimal", "ha"]), notes({ default: "minimal" }))),
  revision: v.optional(v.pipe(nameText, notes({ description: "Installs as this revision." }))),
  revisionTags: v.optional(v.array(nameText)),
  charts: v.optional(charts),
  images: v.optional(
    v.object({
      hub: v.optional(imageText),
      tag: v.optional(imageText),
      pullSecrets: v.optional(v.array(objectNameText)),
    }),
  ),
  cni: v.optional(v.boolean()),
  namespaces: v.optional(v.object({ create: v.optional(v.boolean()) })),
  resources: v.optional(
    v.object({
      controlPlane: v.optional(resources),
      proxy: v.optional(resources),
      gateway: v.optional(resources),
      ztunnel: v.optional(resources),
    }),
  ),
  gateways: v.optional(v.object({ namespace: v.optional(nameText) })),
  cluster: v.optional(
    v.pipe(
      nameText,
      notes({ description: "Which of the federation's clusters this is; sidecar mode only." }),
    ),
  ),
});

type WrittenOptions = v.InferOutput<typeof optionsSchema>;
export type Resources = v.InferOutput<typeof resources>;

/**
 * How Istio is run: with sidecars and its own routes; with sidecars and the Gateway API's routes; without sidecars, its
 * nodes' proxies seeing connections only; or these with a waypoint for each namespace, which sees requests.
 */
export type Form = "sidecar" | "gatewayApi" | "ambient" | "waypoints";

/** The options of an Istio with their defaults filled in. docs/config.md describes them. */
export interface IstioOptions {
  readonly version: string;
  readonly form: Form;
  readonly profile: "minimal" | "ha";
  /** Absent for the default revision. */
  readonly revision?: string;
  readonly revisionTags: readonly string[];
  readonly charts: ChartSource;
  readonly images: { readonly hub: string; readonly tag: string; readonly pullSecrets: readonly string[] };
  readonly cni: boolean;
  readonly createNamespaces: boolean;
  readonly resources: {
    readonly controlPlane: Resources;
    readonly proxy: Resources;
    readonly gateway: Resources;
    readonly ztunnel: Resources;
  };
  readonly gatewayNamespace: string;
  /** Which of the federation's clusters this is. */
  readonly cluster?: string;
}

const checkedSchema = v.pipe(
  optionsSchema,
  v.forward(
    v.check(
      (o) => (o.charts?.kind ?? "bundled") !== "bundled" || BUNDLED.test(o.version ?? DEFAULT_VERSION),
      said({
        code: "version-not-bundled",
        message: "the bundled charts are those of Istio 1.31",
        hint: "choose a 1.31 release, or say where the charts are: charts: { kind: repository, url: … }",
      }),
    ),
    ["version"],
  ),
  v.forward(
    v.check(
      (o) => o.revision !== undefined || (o.revisionTags ?? []).length === 0,
      said({ code: "missing-key", message: "tags are aliases of a revision, and no revision is given" }),
    ),
    ["revisionTags"],
  ),
  v.forward(
    v.check(
      (o) => o.mode === "ambient" || o.waypoints === undefined,
      said({ code: "misplaced-key", message: "waypoints belong to mode: ambient, and only to it" }),
    ),
    ["waypoints"],
  ),
  v.forward(
    v.check(
      (o) => o.mode !== "ambient" || o.cluster === undefined,
      said({ code: "misplaced-key", message: "clusters are joined in sidecar mode only" }),
    ),
    ["cluster"],
  ),
  v.forward(
    v.check(
      (o) => o.mode !== "ambient" || o.routes !== "istio",
      said({
        code: "misplaced-key",
        message: "waypoints have no firm support for Istio's own routes",
        hint: "take routes out: ambient mode uses the Gateway API's",
      }),
    ),
    ["routes"],
  ),
);

/** Reads the options of an Istio and reports every fault in them. */
export function readOptions(raw: unknown, at: FieldPath): Result<IstioOptions> {
  const parsed = parse(checkedSchema, raw ?? {}, at);
  return parsed.ok ? { ...parsed, value: withDefaults(parsed.value) } : parsed;
}

function withDefaults(written: WrittenOptions): IstioOptions {
  const { version = DEFAULT_VERSION, profile = "minimal", images = {} } = written;
  return {
    version,
    form: formOf(written),
    profile,
    ...(written.revision === undefined ? {} : { revision: written.revision }),
    ...(written.cluster === undefined ? {} : { cluster: written.cluster }),
    revisionTags: written.revisionTags ?? [],
    charts: sourceOf(written.charts),
    images: {
      hub: images.hub ?? "docker.io/istio",
      tag: images.tag ?? version,
      pullSecrets: images.pullSecrets ?? [],
    },
    cni: written.cni ?? false,
    createNamespaces: written.namespaces?.create ?? true,
    resources: {
      controlPlane: written.resources?.controlPlane ?? RESOURCES[profile].controlPlane,
      proxy: written.resources?.proxy ?? RESOURCES[profile].proxy,
      gateway: written.resources?.gateway ?? RESOURCES[profile].gateway,
      ztunnel: written.resources?.ztunnel ?? RESOURCES[profile].ztunnel,
    },
    gatewayNamespace: written.gateways?.namespace ?? "istio-ingress",
  };
}

function formOf({ mode, waypoints, routes }: WrittenOptions): Form {
  if (mode === "ambient") return waypoints === "namespace" ? "waypoints" : "ambient";
  return routes === "gatewayApi" ? "gatewayApi" : "sidecar";
}

function sourceOf(
  { kind, url = "", registry = "", path = "" }: WrittenOptions["charts"] & {} = { kind: "bundled" },
): ChartSource {
  switch (kind) {
    case "bundled":
      return { kind, asset: "istio-charts" };
    case "repository":
      return { kind, url };
    case "oci":
      return { kind, registry };
    case "folder":
      return { kind, path };
  }
}

const RESOURCES: Readonly<Record<IstioOptions["profile"], IstioOptions["resources"]>> = {
  minimal: {
    controlPlane: { requests: { cpu: "50m", memory: "256Mi" } },
    proxy: { requests: { cpu: "10m", memory: "64Mi" } },
    gateway: { requests: { cpu: "10m", memory: "64Mi" } },
    ztunnel: { requests: { cpu: "50m", memory: "128Mi" } },
  },
  ha: {
    controlPlane: { requests: { cpu: "500m", memory: "2Gi" } },
    proxy: { requests: { cpu: "100m", memory: "128Mi" } },
    gateway: { requests: { cpu: "100m", memory: "128Mi" } },
    ztunnel: { requests: { cpu: "200m", memory: "512Mi" } },
  },
};
