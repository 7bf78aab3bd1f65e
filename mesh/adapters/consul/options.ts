import * as v from "valibot";
import { present, type FieldPath, type Result } from "../../../lib";
import type { ChartSource } from "../../plan/types";
import { nameText, notes, objectNameText, oneOf, parse, text, wholeNumber } from "../../schema";
import { said } from "../../schema/said";

const DEFAULT_VERSION = "2.0.3";
const KNOWN = /^2\.[01]\.\d+$/;
const REPOSITORY = "https://helm.releases.hashicorp.com";

const version = v.pipe(
  text({
    is: (t) => KNOWN.test(t),
    finding: (t) => ({
      code: "unknown-version",
      message: `${JSON.stringify(t)} is not a version of Consul that is known here`,
      hint: `write all three numbers of a 2.0 or 2.1 release, as in ${DEFAULT_VERSION}; chart and Consul are numbered alike`,
    }),
  }),
  notes({ description: "Version of Consul and of its chart.", default: DEFAULT_VERSION }),
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

const address = (schemes: RegExp, example: string) =>
  text({
    is: (t) => schemes.test(t) && !/[\s@]/.test(t),
    finding: () => ({
      code: "bad-address",
      message: "this is not an address of charts",
      hint: `as in ${example}; credentials do not belong into it`,
    }),
  });

const charts = v.pipe(
  v.object({
    kind: oneOf(["repository", "oci", "folder"]),
    url: v.optional(address(/^https?:\/\//, REPOSITORY)),
    registry: v.optional(address(/^oci:\/\//, "oci://registry.example.com/charts")),
    path: v.optional(
      v.pipe(v.string(), v.minLength(1, said({ code: "empty", message: "the path is empty" }))),
    ),
  }),
  v.check((c) => c.kind === "repository" || c.url === undefined, misplaced("url", "repository")),
  v.check((c) => (c.kind === "oci") === (c.registry !== undefined), misplaced("registry", "oci")),
  v.check((c) => (c.kind === "folder") === (c.path !== undefined), misplaced("path", "folder")),
  notes({ description: `Where the chart comes from: by default ${REPOSITORY}.` }),
);

function misplaced(key: string, kind: string): string {
  return said({ code: "misplaced-key", message: `${key} goes with the kind ${kind}, and only with it` });
}

const image = text({
  is: (t) => /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/.test(t),
  finding: (t) => ({ code: "bad-image", message: `${JSON.stringify(t)} is not an image` }),
});

const flag = (description: string, byDefault: boolean) =>
  v.optional(v.pipe(v.boolean(), notes({ description, default: byDefault })));

export const optionsSchema = v.object({
  version: v.optional(version),
  platform: v.optional(
    v.pipe(
      oneOf(["kubernetes", "agents"]),
      notes({
        description:
          "Where the workloads run: in Kubernetes with Consul's chart, or on machines with agents that are there already, for which the plan holds config entries alone.",
        default: "kubernetes",
      }),
    ),
  ),
  profile: v.optional(v.pipe(oneOf(["minimal", "ha"]), notes({ default: "minimal" }))),
  servers: v.optional(
    v.pipe(
      wholeNumber(1, 7),
      v.check(
        (n) => n % 2 === 1,
        said({ code: "out-of-range", message: "an even number of servers survives no more than one less" }),
      ),
      notes({ description: "Servers of Consul: by default 1, and 3 with profile ha." }),
    ),
  ),
  datacenter: v.optional(
    v.pipe(nameText, notes({ description: "Name of Consul's datacenter.", default: "dc1" })),
  ),
  acls: flag(
    "Whether Consul's ACLs are on. Without them any pod may register as any service: for trials only.",
    true,
  ),
  cni: flag("Redirects traffic from a node agent, so that pods need no NET_ADMIN.", false),
  charts: v.optional(charts),
  images: v.optional(
    v.object({
      consul: v.optional(image),
      controlPlane: v.optional(image),
      dataplane: v.optional(image),
      pullSecrets: v.optional(v.array(objectNameText)),
    }),
  ),
  namespaces: v.optional(v.object({ create: v.optional(v.boolean()) })),
  resources: v.optional(
    v.object({
      controlPlane: v.optional(resources),
      proxy: v.optional(resources),
      gateway: v.optional(resources),
    }),
  ),
  gateways: v.optional(v.object({ namespace: v.optional(nameText) })),
});

type WrittenOptions = v.InferOutput<typeof optionsSchema>;
export type Resources = v.InferOutput<typeof resources>;

/** The options of a Consul with their defaults filled in. */
export interface ConsulOptions {
  readonly version: string;
  readonly platform: "kubernetes" | "agents";
  readonly profile: "minimal" | "ha";
  readonly servers: number;
  readonly datacenter: string;
  readonly acls: boolean;
  readonly cni: boolean;
  readonly charts: ChartSource;
  /** Absent images are the chart's own. */
  readonly images: {
    readonly consul?: string;
    readonly controlPlane?: string;
    readonly dataplane?: string;
    readonly pullSecrets: readonly string[];
  };
  readonly createNamespaces: boolean;
  readonly resources: {
    readonly controlPlane: Resources;
    readonly proxy: Resources;
    readonly gateway: Resources;
  };
  readonly gatewayNamespace: string;
}

/** Reads the options of a Consul and reports every fault in them. */
export function readOptions(raw: unknown, at: FieldPath): Result<ConsulOptions> {
  const parsed = parse(optionsSchema, raw ?? {}, at);
  return parsed.ok ? { ...parsed, value: withDefaults(parsed.value) } : parsed;
}

function withDefaults(written: WrittenOptions): ConsulOptions {
  const { profile = "minimal", images = {}, resources: sizes = {} } = written;
  const { consul, controlPlane, dataplane, pullSecrets = [] } = images;
  return {
    version: written.version ?? DEFAULT_VERSION,
    platform: written.platform ?? "kubernetes",
    profile,
    servers: written.servers ?? (profile === "ha" ? 3 : 1),
    datacenter: written.datacenter ?? "dc1",
    acls: written.acls ?? true,
    cni: written.cni ?? false,
    charts: sourceOf(written.charts),
    images: { ...present({ consul, controlPlane, dataplane }), pullSecrets },
    createNamespaces: written.namespaces?.create ?? true,
    resources: {
      controlPlane: sizes.controlPlane ?? RESOURCES[profile].controlPlane,
      proxy: sizes.proxy ?? RESOURCES[profile].proxy,
      gateway: sizes.gateway ?? RESOURCES[profile].gateway,
    },
    gatewayNamespace: written.gateways?.namespace ?? "consul-gateways",
  };
}

function sourceOf(
  { kind, url = REPOSITORY, registry = "", path = "" }: WrittenOptions["charts"] & {} = {
    kind: "repository",
  },
): ChartSource {
  switch (kind) {
    case "repository":
      return { kind, url };
    case "oci":
      return { kind, registry };
    case "folder":
      return { kind, path };
  }
}

const RESOURCES: Readonly<Record<ConsulOptions["profile"], ConsulOptions["resources"]>> = {
  minimal: {
    controlPlane: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
    proxy: { requests: { cpu: "10m", memory: "64Mi" } },
    gateway: { requests: { cpu: "10m", memory: "64Mi" } },
  },
  ha: {
    controlPlane: { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
    proxy: { requests: { cpu: "100m", memory: "128Mi" } },
    gateway: { requests: { cpu: "100m", memory: "128Mi" } },
  },
};
